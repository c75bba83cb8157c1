import type { Database, Queries } from '@flight-booking/platform';
import type { BackstopJobs } from '../jobs/backstop-jobs.js';
import { refundPaidPosting } from '../ledger/ledger.js';
import type { LedgerRepository } from '../ledger/ledger.repository.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { RefundNotDue } from './refund.errors.js';
import { payRefund, settleRefund } from './refund.jobs.js';
import type { Refund, RefundAttempt } from './refund.js';
import type { AttemptEnd, RefundAttemptRepository } from './refund-attempt.repository.js';
import type { RefundRepository } from './refund.repository.js';

/** How often and how fast a refund is attempted again that the provider failed. */
export interface RefundRetrying {
  readonly maxAttempts: number;
  /** The pause after the first failure; each further one is twice as long. */
  readonly pauseMs: number;
}

/** Where refunds are kept. */
export interface RefundRecords {
  readonly payments: PaymentRepository;
  readonly refunds: RefundRepository;
  readonly attempts: RefundAttemptRepository;
  readonly ledger: LedgerRepository;
}

/**
 * Every change of an attempt to pay a refund, one transaction each under the lock of the payment. The row of an
 * attempt is committed before the provider is asked, and its end is noted once, whoever learns of it.
 */
export class RefundAttemptTransitions {
  constructor(
    private readonly database: Database,
    private readonly records: RefundRecords,
    private readonly backstops: BackstopJobs,
    private readonly retrying: RefundRetrying,
  ) {}

  /**
   * The attempt to ask the provider for: the one whose outcome is not known, or else a new one.
   * @returns undefined when the refund is paid or stuck
   * @throws RefundNotDue when the last attempt failed just now
   */
  async begin(refundId: number): Promise<RefundAttempt | undefined> {
    const { paymentId } = await this.records.refunds.get(this.database, refundId);
    return this.database.transaction(async (tx) => {
      await this.records.payments.lock(tx, paymentId);
      const refund = await this.records.refunds.get(tx, refundId);
      if (refund.status !== 'PENDING') return undefined;
      const last = await this.records.attempts.findLast(tx, refundId);
      if (last?.status === 'PENDING') return last;
      if (!refund.due) throw new RefundNotDue(`Refund ${refundId} failed just now.`);
      return this.records.attempts.add(tx, refund, (last?.attempt ?? 0) + 1);
    });
  }

  /** The provider works on an attempt; what became of it is asked for later. */
  async accept(attempt: RefundAttempt, providerRefundId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.records.attempts.accept(tx, attempt, providerRefundId))) return;
      await this.backstops.add(tx, settleRefund, { refund_id: attempt.refundId });
    });
  }

  /** The provider gave the money back. */
  async complete(attempt: RefundAttempt, providerRefundId: string): Promise<void> {
    const end = { status: 'SUCCEEDED', providerRefundId, failureReason: null } as const;
    await this.end(attempt, end, async (tx, { refundId, paymentId, amountPaise }) => {
      await this.records.refunds.complete(tx, refundId, providerRefundId);
      await this.records.ledger.post(tx, refundPaidPosting(paymentId, refundId, amountPaise));
      const payment = await this.records.payments.get(tx, paymentId);
      const paidPaise = await this.records.refunds.paidPaise(tx, paymentId);
      if (paidPaise === payment.capturedPaise) await this.records.payments.move(tx, payment, 'REFUNDED');
      else if (paidPaise === payment.refundedPaise) {
        await this.records.payments.move(tx, payment, 'PARTIALLY_REFUNDED');
      }
    });
  }

  /** The provider failed an attempt: another follows after a pause, or an operator must look at it. */
  async fail(attempt: RefundAttempt, providerRefundId: string, failureReason: string): Promise<void> {
    const end = { status: 'FAILED', providerRefundId, failureReason } as const;
    await this.end(attempt, end, async (tx, { refundId, attemptsBefore }) => {
      const failures = attempt.attempt - attemptsBefore;
      if (failures >= this.retrying.maxAttempts) {
        await this.records.refunds.giveUp(tx, refundId, `It failed ${failures} times: ${failureReason}`);
        return;
      }
      const pauseMs = this.retrying.pauseMs * 2 ** (failures - 1);
      await this.records.refunds.postpone(tx, refundId, pauseMs);
      await this.backstops.add(tx, payRefund, { refund_id: refundId }, pauseMs);
    });
  }

  /**
   * The provider refuses to make a refund. The attempt stays open: whoever tries again does so under the same key,
   * so that a request which is still on its way is no second refund.
   */
  async refuse({ refundId }: RefundAttempt, reason: string): Promise<void> {
    await this.records.refunds.giveUp(this.database, refundId, reason);
  }

  private async end(
    attempt: RefundAttempt,
    end: AttemptEnd,
    then: (tx: Queries, refund: Refund) => Promise<void>,
  ): Promise<void> {
    const { refundId } = attempt;
    const { paymentId } = await this.records.refunds.get(this.database, refundId);
    await this.database.transaction(async (tx) => {
      await this.records.payments.lock(tx, paymentId);
      if (!(await this.records.attempts.end(tx, attempt, end))) return;
      await then(tx, await this.records.refunds.get(tx, refundId));
    });
  }
}
