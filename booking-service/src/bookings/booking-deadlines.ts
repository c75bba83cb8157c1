import type { Database } from '@flight-booking/platform';
import type { BookingPaymentRepository } from '../payments/booking-payment.repository.js';
import { isOffered } from './booking.js';
import type { BookingEndings } from './booking-endings.js';
import type { BookingRepository } from './booking.repository.js';

/** Ends bookings whose time is over. */
export class BookingDeadlines {
  constructor(
    private readonly database: Database,
    private readonly bookings: BookingRepository,
    private readonly payments: BookingPaymentRepository,
    private readonly endings: BookingEndings,
  ) {}

  /**
   * Takes back a booking that was never finished and expires one that nobody paid. A booking with a payment that
   * is being decided is left to that: its seats may be sold at this moment.
   */
  async meet(bookingId: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const booking = await this.bookings.lock(tx, bookingId);
      if (booking?.status === 'CREATED') await this.endings.takeBack(tx, booking, 'abandoned');
      if (!isOffered(booking) || booking.status !== 'PENDING' || booking.shownStatus !== 'EXPIRED') return;
      if (!(await this.payments.hasUndecided(tx, bookingId))) await this.endings.expire(tx, booking);
    });
  }
}
