import type { ServiceName } from '@flight-booking/local-stack';

/** A statement as a service sent it, with what came back. */
export interface RecordedStatement {
  readonly service: ServiceName;
  /** The connection to PostgreSQL. */
  readonly session: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
}

/** What job runners and the comparison of the books do whether anybody travels or not. */
const HOUSEKEEPING =
  /reconciliation|job_pools|count\(\*\) from stuck_jobs|reschedule_jobs\(array_agg|set locked_at = null|with exhausted as|^select 1$|^listen /i;

/** Whether a statement is part of somebody's journey. Asking for jobs is when there was one. */
export const belongsToJourney = ({ name, text, rows }: RecordedStatement): boolean =>
  !HOUSEKEEPING.test(text) &&
  name !== 'clear_stale_locks/graphile_worker' &&
  !(name === 'get_job/graphile_worker' && rows?.length === 0);

/** A statement's text in one line, by which two recordings are compared. */
export const plainText = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Whether a statement is that of the library which works jobs off. */
export const isOfJobRunner = ({ name }: RecordedStatement): boolean =>
  name?.endsWith('/graphile_worker') === true;
