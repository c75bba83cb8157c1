import type { Database } from '@flight-booking/platform';
import type { BookingClient } from '../bookings/booking.client.js';
import { awaitsBooking, refundablePaise, type Payment } from '../payments/payment.js';
import { NothingCaptured, PaymentInUse } from './refund.errors.js';
import { refundReason, type Refund } from './refund.js';
import type { RefundRecords } from './refund-attempt-transitions.js';
import type { RefundService } from './refund.service.js';
import type { RefundTransitions } from './refund-transitions.js';

/** Statuses of a booking that needs its payment, or may come to need it. */
const STANDS: readonly string[] = ['CREATED', 'PENDING', 'CONFIRMED', 'TICKETED'];

/** Lets an operator give back what the rules have kept. */
export class OperatorRefundService {
  constructor(
    private readonly database: Database,
    private readonly records: RefundRecords,
    private readonly refundTransitions: RefundTransitions,
    private readonly refunds: RefundService,
    private readonly bookings: BookingClient,
  ) {}

  /**
   * Gives back all that is left of a payment. Said again, it changes nothing. What the cancellation of the booking
   * gives back is owed under that name first, so that booking-service finds what it asks for.
   * @param reason why, for the customer
   * @throws PaymentNotFound | NothingCaptured
   * @throws PaymentInUse when the booking stands, or has not answered to the payment
   */
  async refundRest(paymentId: number, reason: string): Promise<Refund[]> {
    const payment = await this.records.payments.get(this.database, paymentId);
    if (payment.capturedPaise === 0) throw new NothingCaptured(paymentId);
    if (refundablePaise(payment) > 0) {
      await this.oweCancellation(payment);
      await this.database.transaction(async (tx) => {
        const locked = await this.records.payments.lock(tx, paymentId);
        if (refundablePaise(locked) > 0)
          await this.refundTransitions.owe(tx, locked, refundReason('operator', reason));
      });
    }
    await this.refunds.attemptAll(paymentId);
    return this.records.refunds.findByPayments(this.database, [paymentId]);
  }

  /** A booking that has ended never stands again, so what is found here is still true when the refund is owed. */
  private async oweCancellation(payment: Payment): Promise<void> {
    const { paymentId, bookingId, refundedPaise, bookingStatus } = payment;
    const state = (await this.bookings.paymentStates([paymentId])).get(paymentId);
    if (awaitsBooking(payment)) throw new PaymentInUse(paymentId, bookingId, bookingStatus);
    if (state?.verdict !== 'accepted') return;
    if (STANDS.includes(state.booking_status)) {
      throw new PaymentInUse(paymentId, bookingId, state.booking_status);
    }
    const { refund_due_paise: amountPaise } = state;
    if (refundedPaise > 0 || amountPaise === 0) return;
    const { text } = refundReason('cancelled');
    await this.refundTransitions.oweCancellation({ bookingId, paymentId, amountPaise, reason: text });
  }
}
