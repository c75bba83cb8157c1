import { sumPaise } from '@flight-booking/contracts';
import type { Database, Queries } from '@flight-booking/platform';
import { cancellationFeePosting, refundOwedPosting } from '../ledger/ledger.js';
import type { LedgerRepository } from '../ledger/ledger.repository.js';
import type { BackstopJobs } from '../jobs/backstop-jobs.js';
import { PaymentNotFound } from '../payments/payment.errors.js';
import { refundablePaise, type Payment } from '../payments/payment.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { RefundDiffers } from './refund.errors.js';
import { payRefund } from './refund.jobs.js';
import { accountOfRest, refundReason, type RefundCode, type RefundReason } from './refund.js';
import type { RefundRepository } from './refund.repository.js';

/** What the cancellation of a booking gives back of the payment that it was paid with. */
export interface CancellationRefund {
  readonly bookingId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
  /** What it had kept and an operator gives back on top; 0 while that is kept. */
  readonly returnedFeePaise: number;
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
   * Decides what the cancellation of a booking gives back, and the fee that it had kept where that is given back too:
   * each once, the cancellation's part first, so that the fee is taken from where it was entered. Said again, it
   * changes nothing.
   * @throws PaymentNotFound when the booking has no such payment
   * @throws RefundDiffers when another amount of it goes back already
   */
  async oweCancellation(refund: CancellationRefund): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.payments.lock(tx, refund.paymentId);
      if (payment.bookingId !== refund.bookingId) throw new PaymentNotFound(refund.paymentId);
      await this.oweTerms(tx, payment, refund);
      if (refund.returnedFeePaise > 0) await this.oweReturnedFee(tx, refund);
    });
  }

  /** What the terms of the cancellation give back. A correction may have added the fee to it by now. */
  private async oweTerms(tx: Queries, payment: Payment, refund: CancellationRefund): Promise<void> {
    const { paymentId, amountPaise, returnedFeePaise, reason } = refund;
    const { byTerms } = await this.owedByCancellation(tx, paymentId);
    if (byTerms === 0 && amountPaise > 0)
      await this.oweWithin(tx, payment, amountPaise, refundReason('cancelled', reason));
    else if (byTerms !== amountPaise && byTerms !== amountPaise + returnedFeePaise)
      throw new RefundDiffers(paymentId, amountPaise, byTerms);
  }

  private async oweReturnedFee(tx: Queries, refund: CancellationRefund): Promise<void> {
    const { paymentId, amountPaise, returnedFeePaise } = refund;
    const { byTerms, returnedFee } = await this.owedByCancellation(tx, paymentId);
    const missingPaise = amountPaise + returnedFeePaise - byTerms - returnedFee;
    if (missingPaise === 0) return;
    if (returnedFee > 0) throw new RefundDiffers(paymentId, returnedFeePaise, returnedFee);
    // Read again, because the terms may just have been owed.
    const payment = await this.payments.lock(tx, paymentId);
    await this.oweWithin(tx, payment, missingPaise, refundReason('fee_returned'));
  }

  /** @throws RefundDiffers when so much is not left of the payment */
  private async oweWithin(
    tx: Queries,
    payment: Payment,
    amountPaise: number,
    reason: RefundReason,
  ): Promise<void> {
    if (amountPaise > refundablePaise(payment))
      throw new RefundDiffers(payment.paymentId, amountPaise, payment.refundedPaise);
    await this.oweAmount(tx, payment, amountPaise, reason);
  }

  /**
   * Owes what booking-service says is due of a payment and is not owed yet; what was asked for too little is
   * corrected. More than is left of the payment is never owed.
   */
  async oweDue(tx: Queries, paymentId: number, duePaise: number): Promise<void> {
    const payment = await this.payments.lock(tx, paymentId);
    const { byTerms, returnedFee } = await this.owedByCancellation(tx, paymentId);
    const missingPaise = duePaise - byTerms - returnedFee;
    if (missingPaise <= 0 || missingPaise > refundablePaise(payment)) return;
    const reason = refundReason(byTerms + returnedFee === 0 ? 'cancelled' : 'correction');
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

  /** What goes back because the booking was cancelled: by its terms, with what was corrected later, and as its fee. */
  private async owedByCancellation(
    tx: Queries,
    paymentId: number,
  ): Promise<{ readonly byTerms: number; readonly returnedFee: number }> {
    const refunds = await this.refunds.findByPayments(tx, [paymentId]);
    const owedFor = (...codes: readonly RefundCode[]): number =>
      sumPaise(refunds.filter(({ reason }) => codes.includes(reason.code)).map((one) => one.amountPaise));
    return { byTerms: owedFor('cancelled', 'correction'), returnedFee: owedFor('fee_returned') };
  }
}
