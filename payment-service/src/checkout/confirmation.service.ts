import { isUpstreamFailure, type Database } from '@flight-booking/platform';
import type { RefundService } from '../refunds/refund.service.js';
import type { BookingClient } from '../bookings/booking.client.js';
import { awaitsBooking, type Payment } from '../payments/payment.js';
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

  /**
   * Confirms now if booking-service answers; if not, the payment's job does.
   * @param payment as it was last seen: read again unless it awaits its booking
   * @returns the payment if this confirmed its booking
   */
  async attempt(payment: Payment): Promise<Payment | undefined> {
    try {
      return await (awaitsBooking(payment) ? this.tell(payment) : this.confirm(payment.paymentId));
    } catch (error) {
      if (!isUpstreamFailure(error)) throw error;
      return undefined;
    }
  }

  /**
   * Tells booking-service of the payment, and gives the money back if it does not take it.
   * @returns the payment if this confirmed its booking
   * @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout
   */
  async confirm(paymentId: number): Promise<Payment | undefined> {
    const payment = await this.payments.get(this.database, paymentId);
    return awaitsBooking(payment) ? this.tell(payment) : undefined;
  }

  private async tell(payment: Payment): Promise<Payment | undefined> {
    const { bookingId, paymentId, capturedPaise } = payment;
    const verdict = await this.bookings.confirm(bookingId, paymentId, capturedPaise);
    if (verdict.accepted) return this.transitions.confirm(payment, verdict.bookingStatus);
    const refundId = await this.transitions.refuse(paymentId, verdict);
    if (refundId !== undefined) await this.refunds.attempt(refundId);
    return undefined;
  }
}
