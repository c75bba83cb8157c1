/** Something that must not be, found by one check. */
export interface ChaosFinding {
  /** Which check found it: an invariant of the audit, or a check of the history. */
  readonly check: string;
  readonly statement: string;
  /** Each offender, in words. */
  readonly offenders: readonly string[];
}
