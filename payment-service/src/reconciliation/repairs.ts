import type { Database, Job, JobQueue, Queries } from '@flight-booking/platform';
import type { PaymentState } from '../bookings/booking.client.js';
import { confirmPayment, settlePayment } from '../checkout/checkout.jobs.js';
import { payRefund, settleRefund } from '../refunds/refund.jobs.js';
import type { RefundTransitions } from '../refunds/refund-transitions.js';
import { repairOf, type Difference } from './difference.js';

/** Begins what repairs differences. Whoever does the work asks again whether it is necessary. */
export class Repairs {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobQueue,
    private readonly refundTransitions: RefundTransitions,
  ) {}

  /** Adds the jobs that repair these differences; a job of an earlier run that has not begun is replaced. */
  async add(tx: Queries, differences: readonly Difference[]): Promise<void> {
    for (const difference of differences) {
      const job = jobOf(difference);
      if (job !== undefined) {
        await this.jobs.add(tx, job.job, job.data, {
          key: `reconcile ${difference.kind} ${difference.subject}`,
        });
      }
    }
  }

  /**
   * Owes what booking-service says is due and nobody has asked for. It is safe beside booking-service's own
   * request, which is of the same amount and takes effect once.
   */
  async oweDue(differences: readonly Difference[], states: ReadonlyMap<number, PaymentState>): Promise<void> {
    for (const difference of differences) {
      const state = states.get(difference.paymentId ?? 0);
      if (repairOf(difference) !== 'owe_refund' || state === undefined) continue;
      await this.database.transaction((tx) =>
        this.refundTransitions.oweDue(tx, state.payment_id, state.refund_due_paise),
      );
    }
  }
}

interface RepairJob {
  readonly job: Job;
  readonly data: { readonly payment_id: number | null } | { readonly refund_id: number | null };
}

function jobOf(difference: Difference): RepairJob | undefined {
  const payment = { payment_id: difference.paymentId };
  const refund = { refund_id: difference.refundId };
  switch (repairOf(difference)) {
    case 'settle_payment':
      return { job: settlePayment, data: payment };
    case 'confirm_payment':
      return { job: confirmPayment, data: payment };
    case 'settle_refund':
      return { job: settleRefund, data: refund };
    case 'pay_refund':
      return { job: payRefund, data: refund };
    case 'owe_refund':
    case undefined:
      return undefined;
  }
}
