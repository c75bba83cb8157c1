import type { Clock, JobQueue, Queries } from '@flight-booking/platform';
import { payRefund } from '../refunds/refund.jobs.js';
import { confirmPayment, settlePayment } from './payment.jobs.js';

/** How long a request is left to its own devices. */
export interface FollowUpTiming {
  readonly fastPathMs: number;
  readonly providerTimeoutMs: number;
}

/**
 * The durable jobs that stand behind what a request does by itself. Each is added in the transaction that makes
 * it necessary and begins when the request should be through: usually it then finds its work done.
 */
export class FollowUps {
  constructor(
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    private readonly timing: FollowUpTiming,
  ) {}

  async settle(tx: Queries, paymentId: number): Promise<void> {
    const runAt = this.inMs(this.timing.providerTimeoutMs + this.timing.fastPathMs);
    await this.jobs.add(tx, settlePayment, { payment_id: paymentId }, { runAt });
  }

  async confirm(tx: Queries, paymentId: number): Promise<void> {
    const runAt = this.inMs(this.timing.fastPathMs);
    await this.jobs.add(tx, confirmPayment, { payment_id: paymentId }, { runAt });
  }

  async pay(tx: Queries, refundId: number): Promise<void> {
    const runAt = this.inMs(this.timing.fastPathMs);
    await this.jobs.add(tx, payRefund, { refund_id: refundId }, { runAt });
  }

  private inMs(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}
