import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { randomHex } from './random-hex.js';

/** What belongs to the request or job that is being worked on, wherever its code runs. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  /** Set once the token is verified. */
  userId?: number;
  /** Epoch milliseconds after which nobody waits for the answer any more. */
  readonly deadlineAt?: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the running request or job, if there is one. */
export const currentContext = (): RequestContext | undefined => storage.getStore();

/** Runs work inside a context. */
export const runInContext = <Result>(context: RequestContext, work: () => Result): Result =>
  storage.run(context, work);

const REQUEST_ID = /^[\w.:-]{8,128}$/;
/** Milliseconds, at most a day: timers take neither fractions nor numbers without end. */
const DEADLINE = /^\d{1,8}$/;
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;

/** Headers as Node gives them, or a plain record of the same. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/**
 * The context that incoming headers ask for: `x-request-id` and `traceparent` (W3C Trace Context) are taken
 * over when they are well formed, else made; `x-deadline-ms` says how long the caller still waits.
 */
export function contextFromHeaders(headers: Headers, now = Date.now()): RequestContext {
  const requestId = single(headers['x-request-id']);
  const trace = TRACEPARENT.exec(single(headers.traceparent) ?? '');
  const remaining = Number(DEADLINE.exec(single(headers['x-deadline-ms']) ?? '')?.[0]);
  return {
    requestId: requestId !== undefined && REQUEST_ID.test(requestId) ? requestId : randomUUID(),
    traceId: trace?.[1] ?? randomHex(16),
    ...(remaining > 0 && { deadlineAt: now + remaining }),
  };
}

/** The headers that carry a context to the next service. Each call is a span of its own. */
export function headersFromContext(context: RequestContext, now = Date.now()): Record<string, string> {
  const headers: Record<string, string> = {
    'x-request-id': context.requestId,
    traceparent: `00-${context.traceId}-${randomHex(8)}-01`,
  };
  if (context.deadlineAt !== undefined)
    headers['x-deadline-ms'] = String(Math.max(1, context.deadlineAt - now));
  return headers;
}
