import { DomainError } from '../http/domain-error.js';
import type { Problem } from '../http/problem.js';

/** Another service answered with a problem of the 4xx kind: the call was heard and refused. */
export class UpstreamProblem extends Error {
  override readonly name = 'UpstreamProblem';

  constructor(
    readonly upstream: string,
    readonly problem: Problem,
  ) {
    super(`${upstream} refused: ${problem.status} ${problem.type}: ${problem.detail ?? problem.title}`);
  }

  get status(): number {
    return this.problem.status;
  }

  /** The problem's stable name. */
  get slug(): string {
    return this.problem.type;
  }
}

/** Another service cannot be reached or failed. Whether the call took effect is not known. */
export class UpstreamUnavailable extends DomainError {
  static readonly slug = 'upstream-unavailable';
  static readonly kind = 'unavailable';
  static readonly title = 'A part of the platform cannot be reached';

  constructor(
    readonly upstream: string,
    options?: ErrorOptions,
  ) {
    super(
      `The ${upstream} service cannot be reached right now. Try again in a moment.`,
      { upstream },
      options,
    );
  }
}

/** Another service answered, with something that is no answer to the call. Whether it took effect is not known. */
export class UnexpectedAnswer extends UpstreamUnavailable {}

/** Another service did not answer in time. Whether the call took effect is not known. */
export class UpstreamTimeout extends DomainError {
  static readonly slug = 'upstream-timeout';
  static readonly kind = 'timeout';
  static readonly title = 'A part of the platform did not answer in time';

  constructor(
    readonly upstream: string,
    options?: ErrorOptions,
  ) {
    super(`The ${upstream} service did not answer in time.`, { upstream }, options);
  }
}

/** The caller's own patience ended first, which says nothing about the other service. */
export class DeadlineExceeded extends UpstreamTimeout {}

/** Whether another service refused, failed or did not answer: what a caller that goes on without it must expect. */
export const isUpstreamFailure = (error: unknown): boolean =>
  error instanceof UpstreamProblem ||
  error instanceof UpstreamUnavailable ||
  error instanceof UpstreamTimeout;
