import { isUpstreamFailure, type Database } from '@flight-booking/platform';
import type { RefundService } from '../refunds/refund.service.js';
import type { BookingClient } from '../bookings/booking.client.js';
import { awaitsBooking } from '../payments/payment.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import type { PaymentTransitions } from './payment-transitions.js';

/** Brings every payment that succeeded to its end: a confirmed booking, or the money back. */
export class ConfirmationService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly transitions: PaymentTransitions,
    private readonly bookings: BookingClient,
    private readonly refunds: RefundService,
  ) {}

  /** Confirms now if booking-service answers; if not, the payment's job does. */
  async attempt(paymentId: number): Promise<void> {
    try {
      await this.confirm(paymentId);
    } catch (error) {
      if (!isUpstreamFailure(error)) throw error;
    }
  }

  /**
   * Tells booking-service of the payment, and gives the money back if it does not take it.
   * @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout
   */
  async confirm(paymentId: number): Promise<void> {
    const payment = await this.payments.get(this.database, paymentId);
    if (!awaitsBooking(payment)) return;
    const verdict = await this.bookings.confirm(payment.bookingId, paymentId, payment.capturedPaise);
    const refundId = await this.transitions.conclude(paymentId, verdict);
    if (refundId !== undefined) await this.refunds.attempt(refundId);
  }
}
