import type { Database, IdempotencyClaim, Queries } from '@flight-booking/platform';
import { capturePosting } from '../ledger/ledger.js';
import type { LedgerRepository } from '../ledger/ledger.repository.js';
import { refundReason } from '../refunds/refund.js';
import type { RefundTransitions } from '../refunds/refund-transitions.js';
import type { BookingRefusal } from '../bookings/booking.client.js';
import { confirmPayment, confirmPaymentKey, settlePayment, settlePaymentKey } from './checkout.jobs.js';
import type { BackstopJobs } from '../jobs/backstop-jobs.js';
import { awaitsBooking, type NewPayment, type Payment, type RefusalReason } from '../payments/payment.js';
import { AlreadyPaid, PaymentInProgress } from './checkout.errors.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import type { PaymentStepRepository } from './payment-step.repository.js';

/** Customers take minutes; that they have decided is told by a webhook, as a rule. */
const CUSTOMER_LOOK_MS = 15_000;

/** Where payments are kept. */
export interface PaymentRecords {
  readonly payments: PaymentRepository;
  readonly steps: PaymentStepRepository;
  readonly ledger: LedgerRepository;
}

/** A charge with which money came in. */
interface CapturedCharge {
  readonly chargeId: string;
  readonly amountPaise: number;
}

/**
 * Every change of a payment: one transaction each, which changes it together with the ledger, and adds the job that
 * goes on from there. What goes well is a single statement; for the rest the payment is locked and looked at first. A
 * change that was made before is not made again, so requests and jobs may report the same fact at once and as often as
 * they like.
 */
export class PaymentTransitions {
  constructor(
    private readonly database: Database,
    private readonly records: PaymentRecords,
    private readonly refunds: RefundTransitions,
    private readonly backstops: BackstopJobs,
  ) {}

  /**
   * @param claim the key under which the payment is asked for; it is bound to the payment that begins
   * @throws PaymentInProgress | AlreadyPaid when the booking has a payment that stands in the way
   */
  async begin(attempt: NewPayment, claim?: IdempotencyClaim): Promise<Payment> {
    if (claim === undefined) return this.add(this.database, attempt);
    return this.database.transaction(async (tx) => {
      const payment = await this.add(tx, attempt);
      await claim.bind(tx, payment.paymentId);
      return payment;
    });
  }

  private async add(queries: Queries, attempt: NewPayment): Promise<Payment> {
    const payment = await this.records.steps.begin(queries, attempt);
    if (payment !== undefined) return payment;
    const other = await this.records.payments.findLive(queries, attempt.bookingId);
    if (other?.status === 'SUCCEEDED') throw new AlreadyPaid(attempt.bookingId);
    throw new PaymentInProgress(attempt.bookingId, other?.paymentId);
  }

  /** The customer has to approve the charge, and is shown where. */
  async challenge(paymentId: number, challengeUrl: string): Promise<void> {
    await this.records.payments.challenge(this.database, paymentId, challengeUrl);
  }

  /** Looks again later at a payment that its customer has to approve, though no webhook may ever come. */
  async awaitCustomer(payment: Payment): Promise<void> {
    const again = { key: settlePaymentKey(payment), afterMs: CUSTOMER_LOOK_MS };
    await this.backstops.addOnce(this.database, settlePayment, { payment_id: payment.paymentId }, again);
  }

  /**
   * The provider has the money. What came in for a booking that has another payment goes straight back, and so does
   * another amount than was asked for.
   * @returns the payment as it is then, if that is how it should be: it awaits its booking
   */
  async capture(payment: Payment, charge: CapturedCharge): Promise<Payment | undefined> {
    const captured = await this.records.steps.capture(this.database, payment, charge);
    if (captured === undefined) await this.captureOtherwise(payment.paymentId, charge);
    return captured;
  }

  /** A capture of another amount, or of a payment that had failed; or one that is known. */
  private async captureOtherwise(paymentId: number, charge: CapturedCharge): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.records.payments.lock(tx, paymentId);
      if (payment.capturedPaise > 0) return;
      const other =
        payment.status === 'FAILED' ? await this.records.payments.findLive(tx, payment.bookingId) : undefined;
      const captured = await this.records.payments.capture(
        tx,
        payment,
        other ? 'REFUNDING' : 'SUCCEEDED',
        charge,
      );
      await this.records.ledger.post(tx, capturePosting(paymentId, captured.capturedPaise));
      if (charge.amountPaise !== payment.amountPaise) {
        await this.giveBack(tx, captured, 'amount_mismatch', captured.bookingStatus);
      } else if (other) {
        await this.giveBack(tx, captured, 'already_paid', other.bookingStatus);
      } else {
        const key = confirmPaymentKey(payment);
        await this.backstops.addOnce(tx, confirmPayment, { payment_id: paymentId }, { key });
      }
    });
  }

  /** The provider has no money, and says why. */
  async fail(paymentId: number, declineReason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.records.payments.lock(tx, paymentId);
      if (payment.status === 'PROCESSING') await this.records.payments.fail(tx, payment, declineReason);
    });
  }

  /**
   * booking-service took the payment.
   * @returns the payment as it is then; undefined when this was known, or the payment goes back already
   */
  async confirm(payment: Payment, bookingStatus: string): Promise<Payment | undefined> {
    return this.records.steps.confirm(this.database, payment, bookingStatus);
  }

  /**
   * booking-service did not take the payment, and it goes back in full.
   * @returns the refund that this call decided
   */
  async refuse(paymentId: number, { reason, bookingStatus }: BookingRefusal): Promise<number | undefined> {
    return this.database.transaction(async (tx) => {
      const payment = await this.records.payments.lock(tx, paymentId);
      if (!awaitsBooking(payment)) return undefined;
      await this.backstops.takeBack(tx, confirmPaymentKey(payment));
      return this.giveBack(tx, payment, reason, bookingStatus);
    });
  }

  private async giveBack(
    tx: Queries,
    payment: Payment,
    reason: RefusalReason,
    bookingStatus: string,
  ): Promise<number> {
    await this.records.payments.refuse(tx, payment.paymentId, reason, bookingStatus);
    return this.refunds.owe(tx, payment, refundReason(reason));
  }
}
