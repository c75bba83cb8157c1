import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  DomainError,
  PROBLEM_CONTENT_TYPE,
  internalProblem,
  problemOf,
  type Logger,
} from '@flight-booking/platform';
import type { AccessLog } from './access-log.js';
import type { Admission } from './admission/admission.js';
import type { Cors } from './admission/cors.js';
import type { ApiDocumentation } from './documents/api-documentation.js';
import type { Forwarder } from './forwarding/forwarder.js';
import type { Upstream } from './forwarding/upstream.js';
import { Visit } from './forwarding/visit.js';
import { AmbiguousPath, isAmbiguous, pathOf } from './routing/request-target.js';
import type { RouteTable } from './routing/route-table.js';

/** Where requests under a prefix go. */
export interface Forwarding {
  readonly prefix: string;
  readonly upstream: Upstream;
}

/** The parts of the gateway that a request passes, in the order in which it does. */
export interface GatewayParts {
  readonly routes: RouteTable<Forwarding>;
  readonly cors: Cors;
  readonly documentation: ApiDocumentation;
  readonly admission: Admission;
  readonly forwarder: Forwarder;
  readonly accessLog: AccessLog;
  readonly logger: Logger;
}

const UNMATCHED = 'unmatched';
/** What helmet sets for documents means nothing to a problem; these are the ones that do. */
const PROBLEM_HEADERS = [
  'content-type',
  PROBLEM_CONTENT_TYPE,
  'cache-control',
  'no-store',
  'x-content-type-options',
  'nosniff',
  'content-security-policy',
  "default-src 'none'",
];

/** Takes the requests that are for a service, and refuses or forwards them. */
export class Gateway {
  constructor(private readonly parts: GatewayParts) {}

  /** False for a request that is not for a service: the gateway's own routes answer it, or nobody does. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request.url ?? '');
    const ambiguous = isAmbiguous(path);
    const forwarding = ambiguous ? undefined : this.parts.routes.find(path);
    if (forwarding === undefined && !ambiguous) return false;
    const visit = new Visit(request, response, path, forwarding?.prefix ?? UNMATCHED, forwarding?.upstream);
    response.on('close', () => this.parts.accessLog.record(visit));
    if (forwarding === undefined) this.refuse(visit, new AmbiguousPath());
    else this.admit(visit, forwarding.upstream);
    return true;
  }

  private admit(visit: Visit, upstream: Upstream): void {
    const { cors, documentation, admission, forwarder } = this.parts;
    try {
      if (cors.handle(visit)) return;
      const operation = documentation.operations.require(visit.request.method ?? '', visit.path);
      const admitted = admission.admit(visit, operation);
      if (admitted === undefined) forwarder.forward(visit, upstream, this.refuse);
      else this.forwardOnce(admitted, visit, upstream);
    } catch (error) {
      this.refuse(visit, error);
    }
  }

  private forwardOnce(admitted: Promise<void>, visit: Visit, upstream: Upstream): void {
    admitted
      .then(() => this.parts.forwarder.forward(visit, upstream, this.refuse))
      .catch((error: unknown) => this.refuse(visit, error));
  }

  private readonly refuse = (visit: Visit, error: unknown): void => {
    const { response, answerHeaders, context } = visit;
    if (response.headersSent || response.destroyed) return;
    const isKnown = error instanceof DomainError;
    if (!isKnown) this.parts.logger.error({ err: error, request_id: context.requestId }, 'request failed');
    const problem = isKnown ? problemOf(error, context.requestId) : internalProblem(context.requestId);
    const bytes = Buffer.from(JSON.stringify(problem));
    const headers = [...answerHeaders, ...PROBLEM_HEADERS, 'content-length', String(bytes.length)];
    if (problem.status === 401) headers.push('www-authenticate', 'Bearer');
    if (isKnown) headers.push(...Object.entries(error.headers).flat());
    response.writeHead(problem.status, headers).end(bytes);
  };
}
