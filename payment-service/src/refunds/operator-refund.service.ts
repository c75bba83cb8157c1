import type { Database } from '@flight-booking/platform';
import type { BookingClient } from '../bookings/booking.client.js';
import { awaitsBooking, refundablePaise, type Payment } from '../payments/payment.js';
import { NothingCaptured, PaymentInUse, RefundSettled } from './refund.errors.js';
import { refundReason, type Refund } from './refund.js';
import type { RefundRecords } from './refund-attempt-transitions.js';
import type { RefundService } from './refund.service.js';
import type { RefundTransitions } from './refund-transitions.js';

/** Statuses of a booking that needs its payment, or may come to need it. */
const STANDS: readonly string[] = ['CREATED', 'PENDING', 'CONFIRMED', 'TICKETED'];

/** Lets an operator give back what no rule has given back by itself. */
export class OperatorRefundService {
  constructor(
    private readonly database: Database,
    private readonly records: RefundRecords,
    private readonly refundTransitions: RefundTransitions,
    private readonly refunds: RefundService,
    private readonly bookings: BookingClient,
  ) {}

  /**
   * Gives back all that is left of a payment that its booking did not take, and of one that it took what the
   * cancellation gives back: the booking, its credit note and its customer know of no more.
   * @param reason why, for the customer
   * @throws PaymentNotFound | NothingCaptured
   * @throws PaymentInUse when the booking stands, or has not answered to the payment
   * @throws RefundSettled when what is due by the cancellation is given back already
   */
  async refundRest(paymentId: number, reason: string): Promise<Refund[]> {
    const payment = await this.records.payments.get(this.database, paymentId);
    if (payment.capturedPaise === 0) throw new NothingCaptured(paymentId);
    const duePaise = await this.dueByCancellation(payment);
    await this.database.transaction(async (tx) => {
      const locked = await this.records.payments.lock(tx, paymentId);
      if (duePaise !== undefined) {
        if (locked.refundedPaise >= duePaise) throw new RefundSettled(paymentId, locked.bookingId, duePaise);
        await this.refundTransitions.oweDue(tx, paymentId, duePaise);
      } else if (refundablePaise(locked) > 0) {
        await this.refundTransitions.owe(tx, locked, refundReason('operator', reason));
      }
    });
    await this.refunds.attemptAll(paymentId);
    return this.records.refunds.findByPayments(this.database, [paymentId]);
  }

  /**
   * What the cancellation of the booking gives back of the payment that paid it; undefined for any other payment. A
   * booking that has ended never stands again, so this is still true when the refund is owed.
   */
  private async dueByCancellation(payment: Payment): Promise<number | undefined> {
    const { paymentId, bookingId, bookingStatus } = payment;
    const state = (await this.bookings.paymentStates([paymentId])).get(paymentId);
    if (awaitsBooking(payment)) throw new PaymentInUse(paymentId, bookingId, bookingStatus);
    if (state?.verdict !== 'accepted') return undefined;
    if (STANDS.includes(state.booking_status))
      throw new PaymentInUse(paymentId, bookingId, state.booking_status);
    return state.refund_due_paise;
  }
}
