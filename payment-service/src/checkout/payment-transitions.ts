import type { Database, IdempotencyClaim, Queries } from '@flight-booking/platform';
import { capturePosting, salePosting } from '../ledger/ledger.js';
import type { LedgerRepository } from '../ledger/ledger.repository.js';
import { refundReason } from '../refunds/refund.js';
import type { RefundTransitions } from '../refunds/refund-transitions.js';
import type { BookingVerdict } from '../bookings/booking.client.js';
import { confirmPayment, settlePayment } from './checkout.jobs.js';
import type { BackstopJobs } from '../jobs/backstop-jobs.js';
import { awaitsBooking, type NewPayment, type Payment, type RefusalReason } from '../payments/payment.js';
import { AlreadyPaid, PaymentInProgress } from './checkout.errors.js';
import type { PaymentRepository } from '../payments/payment.repository.js';

/** Customers take minutes; that they have decided is told by a webhook, as a rule. */
const CUSTOMER_LOOK_MS = 15_000;

/**
 * Every change of a payment: one transaction each, which locks the payment, changes it together with the
 * ledger, and adds the job that goes on from there. A change that was made before is not made again, so requests
 * and jobs may report the same fact at once and as often as they like.
 */
export class PaymentTransitions {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundTransitions,
    private readonly ledger: LedgerRepository,
    private readonly backstops: BackstopJobs,
  ) {}

  /**
   * @param claim the key under which the payment is asked for; it is bound to the payment that begins
   * @throws PaymentInProgress | AlreadyPaid when the booking has a payment that stands in the way
   */
  async begin(attempt: NewPayment, claim?: IdempotencyClaim): Promise<Payment> {
    return this.database.transaction(async (tx) => {
      const payment = await this.payments.add(tx, attempt);
      if (payment === undefined) {
        const other = await this.payments.findLive(tx, attempt.bookingId);
        if (other?.status === 'SUCCEEDED') throw new AlreadyPaid(attempt.bookingId);
        throw new PaymentInProgress(attempt.bookingId, other?.paymentId);
      }
      await claim?.bind(tx, payment.paymentId);
      await this.backstops.addAfterProvider(tx, settlePayment, { payment_id: payment.paymentId });
      return payment;
    });
  }

  /** The customer has to approve the charge, and is shown where. */
  async challenge(paymentId: number, challengeUrl: string): Promise<void> {
    await this.payments.challenge(this.database, paymentId, challengeUrl);
  }

  /** Looks again later at a payment that its customer has to approve, though no webhook may ever come. */
  async awaitCustomer(paymentId: number): Promise<void> {
    const again = { key: `settle-payment:${paymentId}`, afterMs: CUSTOMER_LOOK_MS };
    await this.backstops.addOnce(this.database, settlePayment, { payment_id: paymentId }, again);
  }

  /**
   * The provider has the money. What came in for a booking that has another payment goes straight back, and so does
   * another amount than was asked for.
   */
  async capture(
    paymentId: number,
    charge: { readonly chargeId: string; readonly amountPaise: number },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.payments.lock(tx, paymentId);
      if (payment.capturedPaise > 0) return;
      const other =
        payment.status === 'FAILED' ? await this.payments.findLive(tx, payment.bookingId) : undefined;
      const captured = await this.payments.capture(tx, payment, other ? 'REFUNDING' : 'SUCCEEDED', charge);
      await this.ledger.post(tx, capturePosting(paymentId, captured.capturedPaise));
      if (charge.amountPaise !== payment.amountPaise) {
        await this.giveBack(tx, captured, 'amount_mismatch', captured.bookingStatus);
      } else if (other) {
        await this.giveBack(tx, captured, 'already_paid', other.bookingStatus);
      } else {
        await this.backstops.add(tx, confirmPayment, { payment_id: paymentId });
      }
    });
  }

  /** The provider has no money, and says why. */
  async fail(paymentId: number, declineReason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.payments.lock(tx, paymentId);
      if (payment.status === 'PROCESSING') await this.payments.fail(tx, payment, declineReason);
    });
  }

  /**
   * booking-service took the payment, or did not and it goes back in full.
   * @returns the refund that this call decided
   */
  async conclude(paymentId: number, verdict: BookingVerdict): Promise<number | undefined> {
    return this.database.transaction(async (tx) => {
      const payment = await this.payments.lock(tx, paymentId);
      if (!awaitsBooking(payment)) return undefined;
      if (verdict.accepted) {
        await this.payments.confirm(tx, paymentId, verdict.bookingStatus);
        await this.ledger.post(tx, salePosting(paymentId, payment.capturedPaise));
        return undefined;
      }
      return this.giveBack(tx, payment, verdict.reason, verdict.bookingStatus);
    });
  }

  private async giveBack(
    tx: Queries,
    payment: Payment,
    reason: RefusalReason,
    bookingStatus: string,
  ): Promise<number> {
    await this.payments.refuse(tx, payment.paymentId, reason, bookingStatus);
    return this.refunds.owe(tx, payment, refundReason(reason));
  }
}
