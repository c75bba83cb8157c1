import type { Queries } from '@flight-booking/platform';
import { PaymentNotFound } from './payment.errors.js';
import { requireMove, type Payment, type PaymentStatus } from './payment.js';

/** Columns of a payment under the names that the domain has for them. */
export const PAYMENT_COLUMNS = `payment_id as "paymentId", booking_id as "bookingId", user_id as "userId",
  amount_paise as "amountPaise", method_token as "methodToken", card_last_four as "cardLastFour",
  idempotency_key as "idempotencyKey", status, provider_charge_id as "chargeId", challenge_url as "challengeUrl",
  captured_paise as "capturedPaise", refunded_paise as "refundedPaise", decline_reason as "declineReason",
  booking_status as "bookingStatus", confirmed_at as "confirmedAt", refusal_reason as "refusalReason",
  created_at as "createdAt", captured_at as "capturedAt"`;

const FIND = { name: 'find-payment', text: `select ${PAYMENT_COLUMNS} from payments where payment_id = $1` };
const LOCK = { name: 'lock-payment', text: `${FIND.text} for update` };
const FIND_LIVE = {
  name: 'find-live-payment',
  text: `select ${PAYMENT_COLUMNS} from payments where booking_id = $1 and status in ('PROCESSING', 'SUCCEEDED')`,
};
const FIND_BY_KEY = {
  name: 'find-payment-by-key',
  text: `select ${PAYMENT_COLUMNS} from payments where idempotency_key = $1::uuid`,
};
const CAPTURE = {
  name: 'capture-payment',
  text: `update payments set status = $2, provider_charge_id = $3, captured_paise = $4, captured_at = now()
    where payment_id = $1 returning ${PAYMENT_COLUMNS}`,
};

/** Which payments a list shows. */
export interface PaymentFilter {
  readonly userId: number;
  readonly bookingId: number | undefined;
  /** Only payments with a smaller id. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** The payments. */
export class PaymentRepository {
  /** @throws PaymentNotFound */
  async get(queries: Queries, paymentId: number): Promise<Payment> {
    return found(paymentId, await queries.maybeRow<Payment>(FIND, [paymentId]));
  }

  /** Reads a payment and keeps others from changing it until the transaction ends. @throws PaymentNotFound */
  async lock(tx: Queries, paymentId: number): Promise<Payment> {
    return found(paymentId, await tx.maybeRow<Payment>(LOCK, [paymentId]));
  }

  /** The payment whose charge the provider knows by this key, a UUID. */
  async findByKey(queries: Queries, idempotencyKey: string): Promise<Payment | undefined> {
    return queries.maybeRow<Payment>(FIND_BY_KEY, [idempotencyKey]);
  }

  /** The payment of a booking that is under way or has succeeded. */
  async findLive(queries: Queries, bookingId: number): Promise<Payment | undefined> {
    return queries.maybeRow<Payment>(FIND_LIVE, [bookingId]);
  }

  /** Newest first. */
  async list(queries: Queries, { userId, bookingId, before, limit }: PaymentFilter): Promise<Payment[]> {
    return queries.rows<Payment>(
      `select ${PAYMENT_COLUMNS} from payments
       where user_id = $1 and ($2::bigint is null or booking_id = $2) and ($3::bigint is null or payment_id < $3)
       order by payment_id desc limit $4`,
      [userId, bookingId ?? null, before ?? null, limit],
    );
  }

  /** The customer has to approve the charge. */
  async challenge(queries: Queries, paymentId: number, challengeUrl: string): Promise<void> {
    await queries.execute(
      `update payments set challenge_url = $2, challenged_at = now()
       where payment_id = $1 and status = 'PROCESSING' and challenge_url is null`,
      [paymentId, challengeUrl],
    );
  }

  /** Money came in. */
  async capture(
    tx: Queries,
    { paymentId, status }: Payment,
    to: 'SUCCEEDED' | 'REFUNDING',
    charge: { readonly chargeId: string; readonly amountPaise: number },
  ): Promise<Payment> {
    requireMove(status, to);
    return tx.row<Payment>(CAPTURE, [paymentId, to, charge.chargeId, charge.amountPaise]);
  }

  /** No money came in. */
  async fail(tx: Queries, { paymentId, status }: Payment, declineReason: string): Promise<void> {
    requireMove(status, 'FAILED');
    await tx.execute(`update payments set status = 'FAILED', decline_reason = $2 where payment_id = $1`, [
      paymentId,
      declineReason,
    ]);
  }

  async move(tx: Queries, { paymentId, status }: Payment, to: PaymentStatus): Promise<void> {
    requireMove(status, to);
    await tx.execute('update payments set status = $2 where payment_id = $1', [paymentId, to]);
  }

  /** booking-service did not take the payment. */
  async refuse(tx: Queries, paymentId: number, reason: string, bookingStatus: string): Promise<void> {
    await tx.execute('update payments set refusal_reason = $2, booking_status = $3 where payment_id = $1', [
      paymentId,
      reason,
      bookingStatus,
    ]);
  }
}

function found(paymentId: number, payment: Payment | undefined): Payment {
  if (payment === undefined) throw new PaymentNotFound(paymentId);
  return payment;
}
