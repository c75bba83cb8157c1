import type { PaymentReturnReason } from '@flight-booking/contracts';
import type { Canceller } from './booking.js';

/** Why a payment goes back, in the words that its payer reads. */
export const RETURN_IN_WORDS: Readonly<Record<PaymentReturnReason, string>> = {
  expired: 'The payment came too late: its seats or its discount were gone by then, or the flight had left.',
  cancelled: 'The booking was cancelled before the payment arrived.',
  seats_lost: 'The seats of the booking were no longer available.',
  already_paid: 'The booking had already been paid.',
};

/** Why a booking is cancelled and its money goes back, in the words that its customer reads. */
export const CANCELLATION_IN_WORDS: Readonly<Record<Canceller, string>> = {
  customer: 'You cancelled the booking.',
  airline: 'The airline cancelled a flight of the booking.',
  operator: 'We cancelled the booking for you.',
};
