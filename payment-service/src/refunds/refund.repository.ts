import type { Queries } from '@flight-booking/platform';
import type { Refund, RefundReason } from './refund.js';

const COLUMNS = `refund_id as "refundId", refunds.payment_id as "paymentId", refunds.amount_paise as "amountPaise",
  json_build_object('code', reason_code, 'text', reason) as reason, refunds.status,
  refunds.idempotency_key as "idempotencyKey", stuck_reason as "stuckReason", next_attempt_at <= now() as due,
  attempts_before as "attemptsBefore", refunds.created_at as "createdAt", completed_at as "completedAt"`;

const RESTART = `
  update refunds set status = 'PENDING', stuck_reason = null, next_attempt_at = now(),
    attempts_before = (select count(*) from refund_attempts as attempts
      where attempts.refund_id = refunds.refund_id and attempts.status = 'FAILED')
  where payment_id = $1 and status = 'STUCK' returning refund_id as "refundId"`;

/** The refunds. */
export class RefundRepository {
  async get(queries: Queries, refundId: number): Promise<Refund> {
    return queries.row<Refund>(`select ${COLUMNS} from refunds where refund_id = $1`, [refundId]);
  }

  /** Refunds of these payments, oldest first. */
  async findByPayments(queries: Queries, paymentIds: readonly number[]): Promise<Refund[]> {
    return queries.rows<Refund>(
      `select ${COLUMNS} from refunds where payment_id = any($1) order by refund_id`,
      [paymentIds],
    );
  }

  /** Refunds that only an operator goes on with, after this one, oldest first. */
  async findStuck(queries: Queries, after: number, limit: number): Promise<Refund[]> {
    return queries.rows<Refund>(
      `select ${COLUMNS} from refunds where status = 'STUCK' and refund_id > $1 order by refund_id limit $2`,
      [after, limit],
    );
  }

  /** Owes a refund. The database refuses one that exceeds what came in. */
  async add(tx: Queries, paymentId: number, amountPaise: number, reason: RefundReason): Promise<number> {
    const { refundId } = await tx.row<{ refundId: number }>(
      `insert into refunds (payment_id, amount_paise, reason_code, reason) values ($1, $2, $3, $4)
       returning refund_id as "refundId"`,
      [paymentId, amountPaise, reason.code, reason.text],
    );
    return refundId;
  }

  /** The money is back. */
  async complete(tx: Queries, refundId: number, providerRefundId: string): Promise<void> {
    await tx.execute(
      `update refunds set status = 'SUCCEEDED', provider_refund_id = $2, completed_at = now(), stuck_reason = null
       where refund_id = $1`,
      [refundId, providerRefundId],
    );
  }

  /** Lets the next attempt wait. */
  async postpone(tx: Queries, refundId: number, delayMs: number): Promise<void> {
    await tx.execute(
      `update refunds set next_attempt_at = now() + $2 * interval '1 millisecond' where refund_id = $1`,
      [refundId, delayMs],
    );
  }

  /** Leaves an unpaid refund to an operator. */
  async giveUp(tx: Queries, refundId: number, reason: string): Promise<void> {
    await tx.execute(
      `update refunds set status = 'STUCK', stuck_reason = $2 where refund_id = $1 and status = 'PENDING'`,
      [refundId, reason],
    );
  }

  /** Lets the stuck refunds of a payment be attempted afresh, and answers them. */
  async restart(tx: Queries, paymentId: number): Promise<number[]> {
    return (await tx.rows<{ refundId: number }>(RESTART, [paymentId])).map(({ refundId }) => refundId);
  }

  /** What of a payment the provider has given back, in paise. */
  async paidPaise(tx: Queries, paymentId: number): Promise<number> {
    const { paid } = await tx.row<{ paid: number }>(
      `select coalesce(sum(amount_paise), 0)::bigint as paid from refunds
       where payment_id = $1 and status = 'SUCCEEDED'`,
      [paymentId],
    );
    return paid;
  }
}
