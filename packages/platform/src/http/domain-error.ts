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

/** What a failure carries besides its words. */
export interface DomainErrorOptions extends ErrorOptions {
  /** Headers of the answer, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A failure that the caller can act on. Subclasses carry `slug`, `kind` and `title` as static members. */
export abstract class DomainError extends Error {
  /** Headers that the answer carries. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param detail what happened, in a sentence for people
   * @param extensions members that the problem document carries besides, in snake_case
   */
  constructor(
    detail: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
    options: DomainErrorOptions = {},
  ) {
    super(detail, options);
    this.name = new.target.name;
    this.headers = options.headers ?? {};
  }

  /** The static description of this error's class. */
  get description(): DomainErrorClass {
    return this.constructor as unknown as DomainErrorClass;
  }
}
