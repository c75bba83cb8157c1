import type { Database, StuckJobs } from '@flight-booking/platform';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { payRefund } from '../refunds/refund.jobs.js';
import type { RefundRepository } from '../refunds/refund.repository.js';
import type { RefundTransitions } from '../refunds/refund-transitions.js';

/** Lets an operator have work about a payment tried again that was given up. */
export class PaymentRetryService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly refundTransitions: RefundTransitions,
    private readonly stuckJobs: StuckJobs,
  ) {}

  /**
   * Puts every stuck job about a payment and its refunds back into the queue, and begins its stuck refunds again.
   * @returns the names of the jobs that are tried again, those of the stuck refunds among them
   * @throws PaymentNotFound
   */
  async retry(paymentId: number): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      await this.payments.lock(tx, paymentId);
      const retried = await this.stuckJobs.retryAbout(tx, { field: 'payment_id', id: paymentId });
      for (const { refundId } of await this.refunds.findByPayments(tx, [paymentId])) {
        retried.push(...(await this.stuckJobs.retryAbout(tx, { field: 'refund_id', id: refundId })));
      }
      const restarted = await this.refundTransitions.retryRefunds(tx, paymentId);
      return [...retried, ...restarted.map(() => payRefund.name)];
    });
  }
}
