import type { Queries } from '@flight-booking/platform';
import type { DiscountClient } from '../discounts/discount.client.js';
import type { PaymentClient } from '../payments/payment.client.js';
import type { Booking } from './booking.js';
import type { BookingRepository } from './booking.repository.js';

/** Settles with other services what a booking took from them. Each is safe to repeat. */
export class BookingSettlements {
  constructor(
    private readonly queries: Queries,
    private readonly bookings: BookingRepository,
    private readonly discounts: DiscountClient,
    private readonly payments: PaymentClient,
  ) {}

  /** Does what the booking's state asks for now, not what it asked for when the job was added. */
  async redemption(bookingId: number): Promise<void> {
    const { status } = await this.require(bookingId);
    if (status === 'CONFIRMED' || status === 'TICKETED') await this.discounts.confirm(bookingId);
    if (status === 'EXPIRED' || status === 'CANCELLED') await this.discounts.release(bookingId);
  }

  /** Gives the customer everything back. */
  async refund(bookingId: number): Promise<void> {
    const { cause } = await this.require(bookingId);
    await this.payments.refund({ booking_id: bookingId, reason: `booking cancelled: ${cause}` });
  }

  private async require(bookingId: number): Promise<Booking> {
    const booking = await this.bookings.find(this.queries, bookingId);
    if (booking === undefined) throw new Error(`There is no booking ${bookingId}.`);
    return booking;
  }
}
