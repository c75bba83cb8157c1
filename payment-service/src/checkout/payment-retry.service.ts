import type { Database, Queries, StuckJobs } from '@flight-booking/platform';
import type { PaymentRepository } from '../payments/payment.repository.js';
import type { RefundRepository } from '../refunds/refund.repository.js';
import type { RefundTransitions } from '../refunds/refund-transitions.js';

/** Lets an operator have work about a payment tried again that was given up. */
export class PaymentRetryService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: { readonly rows: RefundRepository; readonly transitions: RefundTransitions },
    private readonly stuckJobs: StuckJobs,
  ) {}

  /**
   * Puts every stuck job about a payment and its refunds back into the queue, and begins its stuck refunds again.
   * @returns how many jobs were put back
   * @throws PaymentNotFound
   */
  async retry(paymentId: number): Promise<number> {
    return this.database.transaction(async (tx) => {
      await this.payments.lock(tx, paymentId);
      const refunds = await this.refunds.rows.findByPayments(tx, [paymentId]);
      let retried = await this.retryAbout(tx, 'payment_id', paymentId);
      for (const { refundId } of refunds) retried += await this.retryAbout(tx, 'refund_id', refundId);
      await this.refunds.transitions.retryRefunds(tx, paymentId);
      return retried;
    });
  }

  private async retryAbout(tx: Queries, field: string, id: number): Promise<number> {
    const stuck = await this.stuckJobs.open(tx, { about: { field, id } });
    for (const { stuckId } of stuck) await this.stuckJobs.retry(tx, stuckId);
    return stuck.length;
  }
}
