import type { BookingStatus, Redemption } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { DiscountClient } from '../discounts/discount.client.js';
import type { PaymentClient } from '../payments/payment.client.js';
import { cancelledBy, type Booking } from './booking.js';
import { CANCELLATION_IN_WORDS } from './booking-words.js';
import type { BookingRepository } from './booking.repository.js';

/** Settles with other services what a booking took from them. Each is safe to repeat. */
export class BookingSettlements {
  constructor(
    private readonly queries: Queries,
    private readonly bookings: BookingRepository,
    private readonly discounts: DiscountClient,
    private readonly payments: PaymentClient,
  ) {}

  /**
   * Does what the booking's state asks for now, not what it asked for when the job was added, and records what
   * became of the use. A booking that was paid late, when its code had no use left, keeps its price: its
   * redemption stays `LAPSED`.
   */
  async redemption(bookingId: number): Promise<void> {
    const { status } = await this.require(bookingId);
    if (status === 'CONFIRMED' || status === 'TICKETED')
      await this.record(bookingId, await this.discounts.confirm(bookingId), ['CONFIRMED', 'TICKETED']);
    else if (status === 'EXPIRED')
      await this.record(bookingId, await this.discounts.lapse(bookingId), ['EXPIRED']);
    else if (status === 'CANCELLED')
      await this.record(bookingId, await this.discounts.release(bookingId), ['CANCELLED']);
  }

  /** Gives the customer what comes back of a cancelled booking. */
  async refund(bookingId: number): Promise<void> {
    const { cause, paymentId, refundPaise } = await this.require(bookingId);
    if (paymentId === null || refundPaise === null || refundPaise === 0) return;
    await this.payments.refund({
      booking_id: bookingId,
      payment_id: paymentId,
      amount_paise: refundPaise,
      reason: CANCELLATION_IN_WORDS[cancelledBy(cause)],
    });
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
