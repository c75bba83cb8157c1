import { isSampled, type Logger, type Metrics } from '@flight-booking/platform';
import type { Visit } from './forwarding/visit.js';

/** Nginx's number for a client that went away before its answer was complete. */
const CLIENT_CLOSED_REQUEST = 499;
const LOWEST_REFUSAL = 400;

/** Measures every request, and logs each in one line; of good reads only the share that is asked for. */
export class AccessLog {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly sampleRate: number,
  ) {}

  /** Call it when the answer's connection is done with it. */
  record(visit: Visit): void {
    const { request, response, prefix, startedAt, upstream, context, failure, coalescedWith } = visit;
    const seconds = (performance.now() - startedAt) / 1_000;
    const { method = '' } = request;
    const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
    this.metrics.httpDuration.observe({ method, route: prefix, status }, seconds);
    if (this.isLeftOut(method, status, context.traceId)) return;
    this.logger.info(
      {
        request_id: context.requestId,
        trace_id: context.traceId,
        user_id: context.userId,
        method,
        route: prefix,
        upstream: upstream?.name,
        status,
        duration_ms: Math.round(seconds * 1e5) / 100,
        failure,
        coalesced_with: coalescedWith,
      },
      'request',
    );
  }

  private isLeftOut(method: string, status: number, traceId: string): boolean {
    if (!this.logger.isLevelEnabled('info')) return true;
    return method === 'GET' && status < LOWEST_REFUSAL && !isSampled(traceId, this.sampleRate);
  }
}
