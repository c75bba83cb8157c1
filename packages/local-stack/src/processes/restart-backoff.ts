/** How long to wait before a process that died is started again. */
export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** A process that lived this long is considered well, and its next death starts from `initialMs`. */
  readonly resetAfterMs: number;
}

const DEFAULTS: BackoffOptions = { initialMs: 250, maxMs: 10_000, resetAfterMs: 30_000 };

/** Doubles the wait with each death in a row. */
export class RestartBackoff {
  private failures = 0;

  constructor(private readonly options: BackoffOptions = DEFAULTS) {}

  /** The wait in milliseconds after a process that lived for `lifetimeMs`. */
  next(lifetimeMs: number): number {
    if (lifetimeMs >= this.options.resetAfterMs) this.failures = 0;
    const delay = this.options.initialMs * 2 ** this.failures;
    if (delay < this.options.maxMs) this.failures++;
    return Math.min(delay, this.options.maxMs);
  }
}
