import type { Database, Queries } from '@flight-booking/platform';
import { cancellationFeePosting, refundOwedPosting } from '../ledger/ledger.js';
import type { LedgerRepository } from '../ledger/ledger.repository.js';
import type { BackstopJobs } from '../jobs/backstop-jobs.js';
import { PaymentNotFound } from '../payments/payment.errors.js';
import { refundablePaise, type Payment } from '../payments/payment.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { RefundDiffers } from './refund.errors.js';
import { payRefund } from './refund.jobs.js';
import { accountOfRest, refundReason, type RefundReason } from './refund.js';
import type { RefundRepository } from './refund.repository.js';

/** What the cancellation of a booking gives back of the payment that it was paid with. */
export interface CancellationRefund {
  readonly bookingId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
  /** Why, for people. */
  readonly reason: string;
}

/**
 * Every decision that money goes back, together with its payment, the ledger and the job that has it paid. The
 * provider is asked for nothing here: that begins after the commit, see `RefundAttemptTransitions`.
 */
export class RefundTransitions {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly ledger: LedgerRepository,
    private readonly backstops: BackstopJobs,
  ) {}

  /** Decides that what is left of a payment goes back. The transaction must hold the payment's lock. */
  async owe(tx: Queries, payment: Payment, reason: RefundReason): Promise<number> {
    return this.oweAmount(tx, payment, refundablePaise(payment), reason);
  }

  /**
   * Decides that so much of a payment goes back; what is left then is kept. The transaction must hold the payment's
   * lock.
   */
  async oweAmount(tx: Queries, payment: Payment, amountPaise: number, reason: RefundReason): Promise<number> {
    const { paymentId, status, refundedPaise } = payment;
    // First, because a payment that is refunded in part cannot owe all of itself.
    if (status !== 'REFUNDING') await this.payments.move(tx, payment, 'REFUNDING');
    const refundId = await this.refunds.add(tx, paymentId, amountPaise, reason);
    const from = accountOfRest(payment);
    await this.ledger.post(tx, refundOwedPosting(paymentId, refundId, amountPaise, from));
    const keptPaise = refundablePaise(payment) - amountPaise;
    if (keptPaise > 0 && refundedPaise === 0) {
      await this.ledger.post(tx, cancellationFeePosting(paymentId, from, keptPaise));
    }
    await this.backstops.add(tx, payRefund, { refund_id: refundId });
    return refundId;
  }

  /**
   * Decides what the cancellation of a booking gives back. Said again, it changes nothing.
   * @throws PaymentNotFound when the booking has no such payment
   * @throws RefundDiffers when another amount of it goes back already
   */
  async oweCancellation({ bookingId, paymentId, amountPaise, reason }: CancellationRefund): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.payments.lock(tx, paymentId);
      if (payment.bookingId !== bookingId) throw new PaymentNotFound(paymentId);
      const owed = await this.owedByCancellation(tx, paymentId);
      if (owed === amountPaise) return;
      if (owed !== undefined) throw new RefundDiffers(paymentId, amountPaise, owed);
      if (amountPaise > refundablePaise(payment)) {
        throw new RefundDiffers(paymentId, amountPaise, payment.refundedPaise);
      }
      await this.oweAmount(tx, payment, amountPaise, refundReason('cancelled', reason));
    });
  }

  /**
   * Owes what booking-service says is due of a payment and is not owed yet; what was asked for too little is
   * corrected. More than is left of the payment is never owed.
   */
  async oweDue(tx: Queries, paymentId: number, duePaise: number): Promise<void> {
    const payment = await this.payments.lock(tx, paymentId);
    const owed = await this.owedByCancellation(tx, paymentId);
    const missingPaise = duePaise - (owed ?? 0);
    if (missingPaise <= 0 || missingPaise > refundablePaise(payment)) return;
    const reason = refundReason(owed === undefined ? 'cancelled' : 'correction');
    await this.oweAmount(tx, payment, missingPaise, reason);
  }

  /**
   * Starts every refund of a payment again that is stuck. One that waits for its next attempt goes on by itself.
   * @returns their ids
   */
  async retryRefunds(tx: Queries, paymentId: number): Promise<number[]> {
    await this.payments.lock(tx, paymentId);
    const restarted = await this.refunds.restart(tx, paymentId);
    for (const refundId of restarted) await this.backstops.add(tx, payRefund, { refund_id: refundId }, 0);
    return restarted;
  }

  /** What goes back because the booking was cancelled, with what was corrected later; undefined when nothing does. */
  private async owedByCancellation(tx: Queries, paymentId: number): Promise<number | undefined> {
    const refunds = await this.refunds.findByPayments(tx, [paymentId]);
    if (!refunds.some(({ reason }) => reason.code === 'cancelled')) return undefined;
    return refunds
      .filter(({ reason }) => reason.code === 'cancelled' || reason.code === 'correction')
      .reduce((sum, { amountPaise }) => sum + amountPaise, 0);
  }
}
