import type { BookingStatus, Redemption } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { DiscountClient } from '../discounts/discount.client.js';
import type { BookingPaymentRepository } from '../payments/booking-payment.repository.js';
import type { PaymentClient } from '../payments/payment.client.js';
import { cancelledBy, type Booking } from './booking.js';
import { CANCELLATION_IN_WORDS } from './booking-words.js';
import type { BookingRepository } from './booking.repository.js';

/** Settles with other services what a booking took from them. Each is safe to repeat. */
export class BookingSettlements {
  constructor(
    private readonly queries: Queries,
    private readonly bookings: BookingRepository,
    private readonly bookingPayments: BookingPaymentRepository,
    private readonly discounts: DiscountClient,
    private readonly payments: PaymentClient,
  ) {}

  /**
   * Does what the booking's state asks for now, not what it asked for when the job was added, and records what
   * became of the use. While a payment of an expired booking is being decided the use may be held for it;
   * its verdict asks for this again.
   */
  async redemption(bookingId: number): Promise<void> {
    const { status } = await this.require(bookingId);
    if (status === 'CONFIRMED' || status === 'TICKETED')
      await this.record(bookingId, await this.discounts.confirm(bookingId), ['CONFIRMED', 'TICKETED']);
    else if (status === 'EXPIRED') await this.lapse(bookingId);
    else if (status === 'CANCELLED')
      await this.record(bookingId, await this.discounts.release(bookingId), ['CANCELLED']);
  }

  /** Gives the customer what comes back of a cancelled booking. */
  async refund(bookingId: number): Promise<void> {
    const { cause, paymentId, refundPaise, returnedFee } = await this.require(bookingId);
    if (paymentId === null || refundPaise === null || (refundPaise === 0 && returnedFee === null)) return;
    await this.payments.refund({
      booking_id: bookingId,
      payment_id: paymentId,
      amount_paise: refundPaise,
      ...(returnedFee !== null && { returned_fee_paise: returnedFee.amountPaise }),
      reason: CANCELLATION_IN_WORDS[cancelledBy(cause)],
    });
  }

  private async lapse(bookingId: number): Promise<void> {
    const refused = await this.bookingPayments.refusedOfExpired(this.queries, bookingId);
    if (refused !== undefined)
      await this.record(bookingId, await this.discounts.lapse(bookingId, refused), ['EXPIRED']);
  }

  private async record(
    bookingId: number,
    became: Redemption['status'],
    whileIn: readonly BookingStatus[],
  ): Promise<void> {
    await this.bookings.settleRedemption(this.queries, bookingId, became, whileIn);
  }

  private async require(bookingId: number): Promise<Booking> {
    const booking = await this.bookings.find(this.queries, bookingId);
    if (booking === undefined) throw new Error(`There is no booking ${bookingId}.`);
    return booking;
  }
}
