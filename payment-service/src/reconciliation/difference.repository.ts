import type { Queries } from '@flight-booking/platform';
import { repairOf, type Difference, type DifferenceKind, type OpenDifference } from './difference.js';

const SEE = `
  insert into reconciliation_differences as known (kind, subject, payment_id, refund_id, detail, repair, repairs)
  select kind, subject, "paymentId", "refundId", detail, repair, case when repair is null then 0 else 1 end
  from jsonb_to_recordset($1::jsonb) as seen
    (kind text, subject text, "paymentId" bigint, "refundId" bigint, detail text, repair text)
  on conflict (kind, subject) where resolved_at is null do update
  set last_seen = now(), detail = excluded.detail, repairs = known.repairs + excluded.repairs`;

const RESOLVE = `
  update reconciliation_differences set resolved_at = now()
  where resolved_at is null and (payment_id = any($2::bigint[]) or ($2::bigint[] is null and payment_id is null))
    and (kind, subject) not in (
      select kind, subject from jsonb_to_recordset($1::jsonb) as seen (kind text, subject text))`;

/** How many differences of a kind are open. */
export interface OpenCount {
  readonly kind: DifferenceKind;
  readonly count: number;
}

/** The differences. */
export class DifferenceRepository {
  /** Notes what was seen, and resolves what was not seen any more. @param paymentIds whose books were compared */
  async note(tx: Queries, seen: readonly Difference[], paymentIds: readonly number[]): Promise<void> {
    await this.keep(tx, seen, paymentIds);
  }

  /** The same of what belongs to no payment of ours. */
  async noteStrangers(tx: Queries, seen: readonly Difference[]): Promise<void> {
    await this.keep(tx, seen, null);
  }

  /** Those that are not resolved, after this one, oldest first. */
  async findOpen(queries: Queries, after: number, limit: number): Promise<OpenDifference[]> {
    return queries.rows<OpenDifference>(
      `select difference_id as "differenceId", kind, subject, payment_id as "paymentId", refund_id as "refundId",
         detail, repair, repairs, first_seen as "firstSeen", last_seen as "lastSeen"
       from reconciliation_differences where resolved_at is null and difference_id > $1
       order by difference_id limit $2`,
      [after, limit],
    );
  }

  /** How many are not resolved, by kind; kinds without any are absent. */
  async countOpen(queries: Queries): Promise<OpenCount[]> {
    return queries.rows(
      `select kind, count(*) as count from reconciliation_differences where resolved_at is null
       group by kind order by kind`,
    );
  }

  private async keep(
    tx: Queries,
    seen: readonly Difference[],
    paymentIds: readonly number[] | null,
  ): Promise<void> {
    const rows = JSON.stringify(seen.map((difference) => ({ ...difference, repair: repairOf(difference) })));
    await tx.execute(SEE, [rows]);
    await tx.execute(RESOLVE, [rows, paymentIds]);
  }
}
