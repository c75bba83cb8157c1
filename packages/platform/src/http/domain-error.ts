/** What kind of failure it is, which decides the HTTP status in one place. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'payment_required'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'unsupported_media_type'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable'
  | 'timeout';

/** What a class of domain errors says of itself; routes list these to document their problems. */
export interface DomainErrorClass {
  /** Stable name on the wire, in the problem's `type`. */
  readonly slug: string;
  readonly kind: ErrorKind;
  readonly title: string;
}

/** A failure that the caller can act on. Subclasses carry `slug`, `kind` and `title` as static members. */
export abstract class DomainError extends Error {
  /**
   * @param detail what happened, in a sentence for people
   * @param extensions members that the problem document carries besides, in snake_case
   */
  constructor(
    detail: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = new.target.name;
  }

  /** The static description of this error's class. */
  get description(): DomainErrorClass {
    return this.constructor as unknown as DomainErrorClass;
  }
}
