import type { Queries } from '@flight-booking/platform';
import type { PaymentState } from '../bookings/booking.client.js';
import { FIND_DIFFERENCES, FIND_STRANGERS } from './difference-queries.js';
import type { Difference } from './difference.js';
import type { BegunRun } from './reconciliation-run.js';

const GATHER = `
  insert into reconciliation_subjects (payment_id)
  select payment_id from payments where changed_at >= $1
  union
  select payment_id from payments
  where status in ('PROCESSING', 'REFUNDING') or (status = 'SUCCEEDED' and confirmed_at is null)
  union
  select payment_id from refunds where changed_at >= $1
  union
  select p.payment_id from provider_statement_charges s join payments p on p.idempotency_key::text = s.idempotency_key
  where s.imported_at >= $1
  union
  select r.payment_id from provider_statement_refunds s
  join refund_attempts a on a.idempotency_key::text = s.idempotency_key
  join refunds r on r.refund_id = a.refund_id
  where s.imported_at >= $1
  union
  select payment_id from provider_events where outcome = 'MISMATCH' and received_at >= $1
  union
  select payment_id from reconciliation_differences where resolved_at is null and payment_id is not null
  on conflict do nothing`;

const TAKE = `
  select payment_id as id from payments p
  where payment_id = any($1::bigint[]) and changed_at <= $2
    and not exists (select from refunds r where r.payment_id = p.payment_id and r.changed_at > $2)
    and not exists (select from provider_statement_charges s
      where s.idempotency_key = p.idempotency_key::text and s.changed_at > $2)
  order by payment_id for share skip locked`;

/** Which payments are compared, and in what their books differ. */
export class ComparisonRepository {
  /** Notes every payment that may have come to differ. */
  async gather(tx: Queries, { since }: BegunRun): Promise<void> {
    await tx.execute(GATHER, [since]);
  }

  /** Payments that have yet to be compared. */
  async page(queries: Queries, after: number, limit: number): Promise<number[]> {
    const rows = await queries.rows<{ id: number }>(
      'select payment_id as id from reconciliation_subjects where payment_id > $1 order by payment_id limit $2',
      [after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Those that stand still, which the transaction then keeps from changing. What is locked or has changed just now
   * is in flight and stays for the next run.
   */
  async take(tx: Queries, paymentIds: readonly number[], { until }: BegunRun): Promise<number[]> {
    return (await tx.rows<{ id: number }>(TAKE, [paymentIds, until])).map(({ id }) => id);
  }

  async differences(
    tx: Queries,
    paymentIds: readonly number[],
    states: readonly PaymentState[],
    overdueMs: number,
  ): Promise<Difference[]> {
    return tx.rows<Difference>(FIND_DIFFERENCES, [paymentIds, JSON.stringify(states), overdueMs]);
  }

  /** What the provider has done that nobody here asked for. */
  async strangers(tx: Queries, { since, until }: BegunRun): Promise<Difference[]> {
    return tx.rows<Difference>(FIND_STRANGERS, [since, until]);
  }

  /** These have been compared. */
  async strikeOut(tx: Queries, paymentIds: readonly number[]): Promise<void> {
    await tx.execute('delete from reconciliation_subjects where payment_id = any($1::bigint[])', [
      paymentIds,
    ]);
  }
}
