import type { Database } from '@flight-booking/platform';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { ProviderUnreachable, type PaymentProvider } from '../provider/payment-provider.js';
import { refundReason, type Refund } from './refund.js';
import type { RefundRepository } from './refund.repository.js';
import type { RefundTransitions } from './refund-transitions.js';

/** Gives money back. */
export class RefundService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly transitions: RefundTransitions,
    private readonly provider: PaymentProvider,
  ) {}

  /**
   * Gives back all that came in for a booking that is cancelled, and is not going back already. Answers all of its
   * refunds.
   * @param reason why, for people
   */
  async refundBooking(bookingId: number, reason: string): Promise<Refund[]> {
    await this.transitions.oweBooking(bookingId, refundReason('cancelled', reason));
    for (const { refundId, status } of await this.refunds.findByBooking(this.database, bookingId)) {
      if (status === 'PENDING') await this.attempt(refundId);
    }
    return this.refunds.findByBooking(this.database, bookingId);
  }

  /** Pays a refund now if the provider answers; if not, the refund's job does. */
  async attempt(refundId: number): Promise<void> {
    try {
      await this.pay(refundId);
    } catch (error) {
      if (!(error instanceof ProviderUnreachable)) throw error;
    }
  }

  /**
   * Has the provider pay a refund. It is asked for the refund first, because whoever comes here again was
   * most likely answered too late, not refused.
   * @throws ProviderUnreachable
   */
  async pay(refundId: number): Promise<void> {
    const refund = await this.refunds.get(this.database, refundId);
    if (refund.status === 'SUCCEEDED') return;
    const { chargeId } = await this.payments.get(this.database, refund.paymentId);
    if (chargeId === null) throw new Error(`Refund ${refundId} belongs to a payment without a charge.`);
    const { idempotencyKey, amountPaise } = refund;
    const made =
      (await this.provider.findRefund(idempotencyKey)) ??
      (await this.provider.refund({ idempotencyKey, chargeId, amountPaise }));
    await this.transitions.complete(refund, made.refundId);
  }
}
