import type { BookingDetail } from '@flight-booking/contracts';
import { BookingNotFound } from '../bookings/booking.errors.js';
import {
  AlreadyPaid,
  AmountMismatch,
  BookingCancelled,
  BookingExpired,
  BookingNotPayable,
} from './checkout.errors.js';

/** Who wants to pay how much. */
export interface PaymentOffer {
  readonly userId: number;
  readonly amountPaise: number;
}

/**
 * Lets a payment of a booking begin only if the booking can use it: the amount that the customer sent is
 * compared with what is due, never trusted.
 * @throws BookingNotFound | BookingNotPayable | AlreadyPaid | BookingExpired | BookingCancelled | AmountMismatch
 */
export function requirePayable(booking: BookingDetail, offer: PaymentOffer, now: Date): void {
  const { booking_id: bookingId, status, expires_at: expiresAt } = booking;
  if (booking.user_id !== offer.userId) throw new BookingNotFound(bookingId);
  switch (status) {
    case 'CREATED':
      throw new BookingNotPayable(bookingId);
    case 'CONFIRMED':
    case 'TICKETED':
      throw new AlreadyPaid(bookingId);
    case 'EXPIRED':
      throw new BookingExpired(bookingId);
    case 'CANCELLED':
      throw new BookingCancelled(bookingId);
    case 'PENDING':
      if (expiresAt !== undefined && new Date(expiresAt) <= now) throw new BookingExpired(bookingId);
  }
  if (booking.amount_due_paise !== offer.amountPaise) {
    throw new AmountMismatch(bookingId, booking.amount_due_paise);
  }
}
