import type { Queries } from '@flight-booking/platform';
import {
  RunOvertaken,
  type BegunRun,
  type ReconciliationRun,
  type RunProgress,
} from './reconciliation-run.js';

const COLUMNS = `run_id as "runId", started_at as "startedAt", finished_at as "finishedAt", outcome, error,
  charges_read as "chargesRead", refunds_read as "refundsRead", payments_compared as "paymentsCompared",
  differences_seen as "differencesSeen"`;

/** Longer than any step of a run takes; a process that was killed is replaced after this. */
const SILENCE = `interval '30 seconds'`;
/** Longer than any transaction of ours: what it changed carries the time of its begin and is seen at its end. */
const OVERLAP = `interval '1 minute'`;

const ABANDON = `
  update reconciliation_runs set finished_at = now(), outcome = 'ABANDONED'
  where finished_at is null and heartbeat_at < now() - ${SILENCE}`;

const BEGIN = `
  insert into reconciliation_runs (compares_until) values (now() - $1 * interval '1 millisecond')
  on conflict ((true)) where finished_at is null do nothing
  returning run_id as "runId", compares_until as until,
    coalesce((select max(compares_until) - ${OVERLAP} from reconciliation_runs where outcome = 'COMPLETE'),
      'epoch') as since,
    (select charges_position from reconciliation_runs where charges_position is not null
     order by run_id desc limit 1) as "chargesPosition",
    (select refunds_position from reconciliation_runs where refunds_position is not null
     order by run_id desc limit 1) as "refundsPosition",
    (select bookings_position from reconciliation_runs where bookings_position is not null
     order by run_id desc limit 1) as "bookingsPosition"`;

const PROGRESS = `
  update reconciliation_runs set heartbeat_at = now(),
    charges_position = coalesce($2, charges_position), refunds_position = coalesce($3, refunds_position),
    charges_read = charges_read + $4, refunds_read = refunds_read + $5,
    payments_compared = payments_compared + $6, differences_seen = differences_seen + $7,
    bookings_position = coalesce($8, bookings_position)
  where run_id = $1 and finished_at is null`;

/** The runs. */
export class ReconciliationRunRepository {
  /** Begins a run; undefined while another goes on. */
  async begin(tx: Queries, graceMs: number): Promise<BegunRun | undefined> {
    await tx.execute(ABANDON);
    return tx.maybeRow<BegunRun>(BEGIN, [graceMs]);
  }

  /** Notes what was done, in the transaction that did it. @throws RunOvertaken */
  async progress(tx: Queries, runId: number, done: RunProgress): Promise<void> {
    const touched = await tx.execute(PROGRESS, [
      runId,
      done.chargesPosition ?? null,
      done.refundsPosition ?? null,
      done.chargesRead ?? 0,
      done.refundsRead ?? 0,
      done.paymentsCompared ?? 0,
      done.differencesSeen ?? 0,
      done.bookingsPosition ?? null,
    ]);
    if (touched === 0) throw new RunOvertaken(`Run ${runId} was silent for too long.`);
  }

  /** Ends a run that was not overtaken. @param error why it failed; undefined when it is complete */
  async finish(queries: Queries, runId: number, error: string | undefined): Promise<ReconciliationRun> {
    await queries.execute(
      `update reconciliation_runs set finished_at = now(), error = $2::text,
         outcome = case when $2::text is null then 'COMPLETE' else 'FAILED' end
       where run_id = $1 and finished_at is null`,
      [runId, error ?? null],
    );
    return queries.row<ReconciliationRun>(`select ${COLUMNS} from reconciliation_runs where run_id = $1`, [
      runId,
    ]);
  }

  /** The newest run; undefined before the first. */
  async findLast(queries: Queries): Promise<ReconciliationRun | undefined> {
    return queries.maybeRow<ReconciliationRun>(
      `select ${COLUMNS} from reconciliation_runs order by run_id desc limit 1`,
    );
  }

  /** When everything had last been compared. */
  async lastCompleteAt(queries: Queries): Promise<Date | undefined> {
    const last = await queries.maybeRow<{ at: Date }>(
      `select finished_at as at from reconciliation_runs where outcome = 'COMPLETE' order by run_id desc limit 1`,
    );
    return last?.at;
  }
}
