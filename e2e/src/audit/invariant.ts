import { SERVICES, type ServiceName } from '@flight-booking/local-stack';

/** A service whose database an auditor reads. */
export type AuditedService = Exclude<ServiceName, 'api-gateway'>;

/** All of them; the gateway has no database. */
export const AUDITED_SERVICES: readonly AuditedService[] = SERVICES.flatMap(({ name }) =>
  name === 'api-gateway' ? [] : [name],
);

/** A query of one database that answers what is wrong there: one row for each offender, in words, as `offender`. */
export interface OffenderQuery {
  /** `every`: the query is about something that each service's database has. */
  readonly database: AuditedService | 'every';
  /** A table without which a database has nothing to look at: not every service has durable work. */
  readonly where?: string;
  readonly sql: string;
}

/** One side of a comparison: a query that answers `key` and `value`, both text, each key once. */
export interface Side {
  readonly database: AuditedService;
  readonly sql: string;
}

/** Two databases that have to tell the same. */
export interface Comparison {
  readonly left: Side;
  readonly right: Side;
  /** `both`: the two are equal as sets. `left`: all that is on the left is on the right, with the same value. */
  readonly complete: 'both' | 'left';
}

/** Something that must hold, and how it is looked at. */
export interface Invariant {
  /** Its number in the list of invariants; a letter tells several looks at one of them apart. */
  readonly id: string;
  /** What holds, as a sentence. */
  readonly statement: string;
  /**
   * `always`: true at every moment, seen by one statement and so by one snapshot. `settled`: true as soon as what is
   * under way has arrived, so an offender counts only when it is still the same after a while. `shown`: no fault,
   * but somebody should know of it.
   */
  readonly when: 'always' | 'settled' | 'shown';
  readonly check: OffenderQuery | Comparison;
}

/** What was found of one invariant. */
export interface Finding {
  readonly invariant: Invariant;
  /** Each offender in words; none when the invariant holds. */
  readonly offenders: readonly string[];
}

/** Whether a finding is a fault. */
export const isFault = ({ invariant, offenders }: Finding): boolean =>
  invariant.when !== 'shown' && offenders.length > 0;
