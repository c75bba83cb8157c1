import type { IncomingMessage, ServerResponse } from 'node:http';
import { contextFromHeaders, type RequestContext } from '@flight-booking/platform';
import { readHead, type RequestHead } from './headers.js';
import type { Upstream } from './upstream.js';

/** One request on its way through the gateway. */
export class Visit {
  readonly startedAt = performance.now();
  readonly head: RequestHead;
  readonly context: RequestContext;
  /** Headers that the gateway adds to the answer, names and values in turns. */
  readonly answerHeaders: string[];
  /** What went wrong with the service, for the log. */
  failure: string | undefined;
  /** The id of the request whose answer this one was given, for the log. */
  coalescedWith: string | undefined;

  /** @param prefix the entry of the route table, for logs and metrics */
  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly path: string,
    readonly prefix: string,
    readonly upstream: Upstream | undefined,
  ) {
    this.head = readHead(request.rawHeaders);
    this.context = contextFromHeaders({
      'x-request-id': this.head.requestId,
      traceparent: this.head.traceparent,
    });
    this.answerHeaders = ['x-request-id', this.context.requestId];
  }
}
