import { randomUUID } from 'node:crypto';
import { addJobSql, takeBackJobSql, type Queries } from '@flight-booking/platform';
import type { BackstopJobs } from '../jobs/backstop-jobs.js';
import { capturePosting, salePosting } from '../ledger/ledger.js';
import { postSql, postValues } from '../ledger/ledger.repository.js';
import type { NewPayment, Payment } from '../payments/payment.js';
import { PAYMENT_COLUMNS } from '../payments/payment.repository.js';
import { confirmPayment, confirmPaymentKey, settlePayment, settlePaymentKey } from './checkout.jobs.js';

const ABOUT_PAYMENT = `json_build_object('payment_id', payment_id)`;

const BEGIN = {
  name: 'begin-payment',
  text: `
    with begun as (
      insert into payments (booking_id, user_id, amount_paise, method_token, card_last_four, idempotency_key)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (booking_id) where status in ('PROCESSING', 'SUCCEEDED') do nothing
      returning *
    )
    select ${PAYMENT_COLUMNS} from begun cross join lateral ${addJobSql(ABOUT_PAYMENT, 7)}`,
};

const CAPTURE = {
  name: 'capture-payment-as-asked',
  text: `
    with captured as (
      update payments set status = 'SUCCEEDED', provider_charge_id = $2, captured_paise = $3, captured_at = now()
      where payment_id = $1 and status = 'PROCESSING' and amount_paise = $3
      returning *
    ), settled as (
      ${takeBackJobSql('$4', 'captured')}
    ), ${postSql('captured', 5)}
    select ${PAYMENT_COLUMNS} from captured cross join lateral ${addJobSql(ABOUT_PAYMENT, 11)}`,
};

const CONFIRM = {
  name: 'confirm-payment',
  text: `
    with confirmed as (
      update payments set confirmed_at = now(), booking_status = $2
      where payment_id = $1 and status = 'SUCCEEDED' and confirmed_at is null and captured_paise = $4::bigint
      returning *
    ), told as (
      ${takeBackJobSql('$3', 'confirmed')}
    ), ${postSql('confirmed', 5)}
    select ${PAYMENT_COLUMNS} from confirmed`,
};

/**
 * The steps of a payment that goes well, one statement each: the row, the ledger, the job that goes on from there, and
 * the job that has no work left. A step is taken from the state that it needs or not at all, so of many who take it at
 * once one does.
 */
export class PaymentStepRepository {
  constructor(private readonly backstops: BackstopJobs) {}

  /** Begins a payment; undefined when the booking has one that is under way or has succeeded. */
  async begin(
    queries: Queries,
    { bookingId, userId, amountPaise, method }: NewPayment,
  ): Promise<Payment | undefined> {
    const idempotencyKey = randomUUID();
    return queries.maybeRow<Payment>(BEGIN, [
      bookingId,
      userId,
      amountPaise,
      method.token,
      method.cardLastFour ?? null,
      idempotencyKey,
      ...this.backstops.valuesAfterProvider(settlePayment, settlePaymentKey({ idempotencyKey })),
    ]);
  }

  /** The provider took what it was asked for; undefined when it took something else, or the payment is not under way. */
  async capture(
    queries: Queries,
    payment: Payment,
    charge: { readonly chargeId: string; readonly amountPaise: number },
  ): Promise<Payment | undefined> {
    return queries.maybeRow<Payment>(CAPTURE, [
      payment.paymentId,
      charge.chargeId,
      charge.amountPaise,
      settlePaymentKey(payment),
      ...postValues(capturePosting(payment.paymentId, charge.amountPaise)),
      ...this.backstops.values(confirmPayment, confirmPaymentKey(payment)),
    ]);
  }

  /** The booking took the payment; undefined when the payment does not wait for that. */
  async confirm(queries: Queries, payment: Payment, bookingStatus: string): Promise<Payment | undefined> {
    return queries.maybeRow<Payment>(CONFIRM, [
      payment.paymentId,
      bookingStatus,
      confirmPaymentKey(payment),
      payment.capturedPaise,
      ...postValues(salePosting(payment.paymentId, payment.capturedPaise)),
    ]);
  }
}
