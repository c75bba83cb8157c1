import { z } from 'zod';
import type { ErrorKind, DomainError } from './domain-error.js';

/** Content type of problem details. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The HTTP status of each kind of failure: the one place where the two meet. */
export const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
  timeout: 504,
};

/** Problem details for HTTP APIs, RFC 9457. `type` is a stable slug, relative to the API. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    request_id: z.string(),
    errors: z
      .array(
        z.looseObject({
          field: z.string(),
          in: z.enum(['path', 'query', 'header', 'body']),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457' });

/** See {@link problem}. */
export type Problem = z.infer<typeof problem>;

/** The problem document of a domain error. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const { slug, kind, title } = error.description;
  return {
    ...error.extensions,
    type: slug,
    title,
    status: STATUS_OF_KIND[kind],
    detail: error.message,
    request_id: requestId,
  };
}

/** The problem document of a failure that is ours; it says nothing of the cause. */
export const internalProblem = (requestId: string): Problem => ({
  type: 'internal-error',
  title: 'Something went wrong on our side',
  status: 500,
  detail: 'The request failed for a reason that is ours, not yours. Quote the request id when you report it.',
  request_id: requestId,
});
