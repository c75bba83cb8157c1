import { pageOf, type Database, type Page } from '@flight-booking/platform';
import {
  ProviderUnreachable,
  RefundRefused,
  type PaymentProvider,
  type ProviderRefund,
} from '../provider/payment-provider.js';
import { RefundNotDue, RefundUndecided } from './refund.errors.js';
import type { Refund, RefundAttempt } from './refund.js';
import type { RefundAttemptTransitions, RefundRecords } from './refund-attempt-transitions.js';
import type { CancellationRefund, RefundTransitions } from './refund-transitions.js';

/** Gives money back. */
export class RefundService {
  constructor(
    private readonly database: Database,
    private readonly records: RefundRecords,
    private readonly refundTransitions: RefundTransitions,
    private readonly attempts: RefundAttemptTransitions,
    private readonly provider: PaymentProvider,
  ) {}

  /**
   * Gives back what the cancellation of a booking says, of the payment that it was paid with; at once if the provider
   * answers.
   * @throws PaymentNotFound | RefundDiffers
   */
  async refundCancellation(refund: CancellationRefund): Promise<void> {
    await this.refundTransitions.oweCancellation(refund);
    await this.attemptAll(refund.paymentId);
  }

  /** Refunds that wait for an operator, oldest first. @param cursor the last refund of the page before */
  async stuck(limit: number, cursor = 0): Promise<Page<Refund>> {
    const found = await this.records.refunds.findStuck(this.database, cursor, limit + 1);
    return pageOf(found, limit, ({ refundId }) => refundId);
  }

  /** Pays what is owed of a payment now, if the provider answers. */
  async attemptAll(paymentId: number): Promise<void> {
    for (const { refundId, status } of await this.records.refunds.findByPayments(this.database, [
      paymentId,
    ])) {
      if (status === 'PENDING') await this.attempt(refundId);
    }
  }

  /** Pays a refund now if the provider answers; if not, the refund's job does. */
  async attempt(refundId: number): Promise<void> {
    try {
      await this.pay(refundId);
    } catch (error) {
      if (!(error instanceof ProviderUnreachable || error instanceof RefundNotDue)) throw error;
    }
  }

  /**
   * Has the provider pay a refund. It is asked for the refund first, because whoever comes here again was
   * most likely answered too late, not refused.
   * @throws ProviderUnreachable | RefundNotDue
   */
  async pay(refundId: number): Promise<void> {
    const attempt = await this.attempts.begin(refundId);
    if (attempt === undefined) return;
    const made = (await this.provider.findRefund(attempt.idempotencyKey)) ?? (await this.make(attempt));
    if (made !== undefined) await this.note(attempt, made);
  }

  /**
   * Finds out what became of a refund that the provider has been asked for. Asks for none.
   * @throws ProviderUnreachable | RefundUndecided
   */
  async settle(refundId: number): Promise<void> {
    const attempt = await this.records.attempts.findLast(this.database, refundId);
    if (attempt?.status !== 'PENDING') return;
    const made = await this.provider.findRefund(attempt.idempotencyKey);
    if (made === undefined) return;
    await this.note(attempt, made);
    if (made.status === 'PENDING') {
      throw new RefundUndecided(`The provider has not decided refund ${refundId} yet.`);
    }
  }

  /** Asks the provider for the refund; undefined when it refuses, which only an operator can go on from. */
  private async make(attempt: RefundAttempt): Promise<ProviderRefund | undefined> {
    const { paymentId, amountPaise } = await this.records.refunds.get(this.database, attempt.refundId);
    const { chargeId } = await this.records.payments.get(this.database, paymentId);
    if (chargeId === null)
      throw new Error(`Refund ${attempt.refundId} belongs to a payment without a charge.`);
    const { idempotencyKey } = attempt;
    try {
      return await this.provider.refund({ idempotencyKey, chargeId, amountPaise });
    } catch (error) {
      if (!(error instanceof RefundRefused)) throw error;
      await this.attempts.refuse(attempt, error.message);
      return undefined;
    }
  }

  private async note(attempt: RefundAttempt, made: ProviderRefund): Promise<void> {
    switch (made.status) {
      case 'SUCCEEDED':
        return this.attempts.complete(attempt, made.refundId);
      case 'FAILED':
        return this.attempts.fail(attempt, made.refundId, made.failureReason);
      case 'PENDING':
        return this.attempts.accept(attempt, made.refundId);
    }
  }
}
