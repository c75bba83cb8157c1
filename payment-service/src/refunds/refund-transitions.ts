import type { Database, Queries } from '@flight-booking/platform';
import { refundOwedPosting, refundPaidPosting } from '../ledger/ledger.js';
import type { LedgerRepository } from '../ledger/ledger.repository.js';
import type { FollowUps } from '../jobs/follow-ups.js';
import { refundablePaise, type Payment } from '../payments/payment.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { payRefund } from './refund.jobs.js';
import type { Refund, RefundReason } from './refund.js';
import type { RefundRepository } from './refund.repository.js';

/** Every change of a refund, together with its payment, the ledger and the job that goes on from there. */
export class RefundTransitions {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly ledger: LedgerRepository,
    private readonly followUps: FollowUps,
  ) {}

  /** Decides that what is left of a payment goes back. The transaction must hold the payment's lock. */
  async owe(tx: Queries, payment: Payment, reason: RefundReason): Promise<number> {
    const { paymentId, status } = payment;
    const amountPaise = refundablePaise(payment);
    const refundId = await this.refunds.add(tx, paymentId, amountPaise, reason);
    const sold = payment.confirmedAt !== null;
    await this.ledger.post(tx, refundOwedPosting(paymentId, refundId, amountPaise, sold));
    if (status !== 'REFUNDING') await this.payments.move(tx, payment, 'REFUNDING');
    await this.followUps.add(tx, payRefund, { refund_id: refundId });
    return refundId;
  }

  /** Decides that all that came in for a booking goes back. Said again, it changes nothing. */
  async oweBooking(bookingId: number, reason: RefundReason): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const payment of await this.payments.lockByBooking(tx, bookingId)) {
        if (refundablePaise(payment) > 0) await this.owe(tx, payment, reason);
      }
    });
  }

  /** The provider gave the money back. */
  async complete({ refundId, paymentId, amountPaise }: Refund, providerRefundId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const payment = await this.payments.lock(tx, paymentId);
      if (!(await this.refunds.complete(tx, refundId, providerRefundId))) return;
      await this.ledger.post(tx, refundPaidPosting(paymentId, refundId, amountPaise));
      const paidPaise = await this.refunds.paidPaise(tx, paymentId);
      if (paidPaise === payment.capturedPaise) await this.payments.move(tx, payment, 'REFUNDED');
    });
  }
}
