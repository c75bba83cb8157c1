import type { Queries } from '@flight-booking/platform';
import type { Refund, RefundReason } from './refund.js';

const COLUMNS = `refund_id as "refundId", refunds.payment_id as "paymentId", refunds.amount_paise as "amountPaise",
  json_build_object('code', reason_code, 'text', reason) as reason, refunds.status, refunds.idempotency_key as "idempotencyKey", refunds.created_at as "createdAt",
  completed_at as "completedAt"`;

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

  /** Refunds of all payments of a booking, oldest first. */
  async findByBooking(queries: Queries, bookingId: number): Promise<Refund[]> {
    return queries.rows<Refund>(
      `select ${COLUMNS} from refunds join payments using (payment_id) where booking_id = $1 order by refund_id`,
      [bookingId],
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

  /** Whether this call was the one that ended the refund. */
  async complete(tx: Queries, refundId: number, providerRefundId: string): Promise<boolean> {
    const touched = await tx.execute(
      `update refunds set status = 'SUCCEEDED', provider_refund_id = $2, completed_at = now()
       where refund_id = $1 and status = 'PENDING'`,
      [refundId, providerRefundId],
    );
    return touched === 1;
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
