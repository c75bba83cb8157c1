import type { Visit } from '../forwarding/visit.js';

const PREFLIGHT_HEADERS = [
  'access-control-allow-methods',
  'GET, HEAD, POST, PUT, DELETE',
  'access-control-allow-headers',
  'authorization, content-type, idempotency-key, x-request-id, traceparent',
  'access-control-max-age',
  '600',
  'content-length',
  '0',
];
const EXPOSED = [
  'x-request-id',
  'idempotency-replayed',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'content-disposition',
].join(', ');

/** Lets web pages of the origins given call the API (Fetch standard, CORS protocol). */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.origins = new Set(origins);
  }

  /** Adds the answer's headers; true when the request was a preflight and is answered. */
  handle({ request, response, head, answerHeaders }: Visit): boolean {
    if (this.origins.size === 0) return false;
    answerHeaders.push('vary', 'Origin');
    if (head.origin === undefined || !this.origins.has(head.origin)) return false;
    answerHeaders.push('access-control-allow-origin', head.origin, 'access-control-expose-headers', EXPOSED);
    if (request.method !== 'OPTIONS' || !head.isPreflight) return false;
    response.writeHead(204, [...answerHeaders, ...PREFLIGHT_HEADERS]).end();
    return true;
  }
}
