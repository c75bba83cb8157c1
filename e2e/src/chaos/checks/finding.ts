/** Something that must not be, found by one check. */
export interface BrokenCheck {
  /** Which check found it: an invariant of the audit, or a check of the history. */
  readonly check: string;
  readonly statement: string;
  /** Each offender, in words. */
  readonly offenders: readonly string[];
}

/** The same, and when it was found. */
export interface ChaosFinding extends BrokenCheck {
  /** From the first customer. */
  readonly foundAfterMs: number;
}
