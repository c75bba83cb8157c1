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

const ADD = `
  with told as (
    select * from jsonb_to_recordset($1::jsonb)
      as state (payment_id bigint, booking_id bigint, booking_status text, verdict text)),
  stands as (
    select told.* from told where verdict = 'accepted' and booking_status in ('CONFIRMED', 'TICKETED')
      and not exists (select from payments p where p.payment_id = told.payment_id)),
  strange as (
    insert into unknown_payments (payment_id, booking_id) select payment_id, booking_id from stands
    on conflict do nothing),
  ended as (
    delete from unknown_payments u using told
    where u.payment_id = told.payment_id and told.payment_id not in (select payment_id from stands))
  insert into reconciliation_subjects (payment_id)
  select payment_id from told join payments using (payment_id) on conflict do nothing`;

/** As many payments as each run compares although nothing is known to have changed. */
export const SWEPT = 100;

const SWEEP = `
  with swept as (
    select payment_id from payments where payment_id > coalesce((
      select swept_to from reconciliation_runs where swept_to is not null order by run_id desc limit 1), 0)
    order by payment_id limit ${SWEPT}),
  added as (insert into reconciliation_subjects (payment_id) select payment_id from swept on conflict do nothing)
  update reconciliation_runs set swept_to =
    (select case when count(*) < ${SWEPT} then 0 else max(payment_id) end from swept)
  where run_id = $1`;

const TAKE = `
  select payment_id as id from payments p
  where payment_id = any($1::bigint[]) and changed_at <= $2
    and not exists (select from refunds r where r.payment_id = p.payment_id and r.changed_at > $2)
    and not exists (select from provider_statement_charges s
      where s.idempotency_key = p.idempotency_key::text and s.changed_at > $2)
  order by payment_id for share skip locked`;

/** Which payments are compared, and in what their books differ. */
export class ComparisonRepository {
  /** Notes every payment that may have come to differ, and some more: each is compared at long intervals. */
  async gather(tx: Queries, { runId, since }: BegunRun): Promise<void> {
    await tx.execute(GATHER, [since]);
    await tx.execute(SWEEP, [runId]);
  }

  /** Notes the payments that changed at booking-service, and those that do not exist here. */
  async add(tx: Queries, states: readonly PaymentState[]): Promise<void> {
    await tx.execute(ADD, [JSON.stringify(states)]);
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
