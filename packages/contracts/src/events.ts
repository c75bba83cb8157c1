import { z } from 'zod';
import { seatsByCabin } from './flights.js';
import { paise } from './money.js';
import { refundLine } from './refunds.js';
import { emailAddress, id, instant, lineOfText } from './scalars.js';
import { serviceName } from './service-names.js';

/** The airline withdrew a flight. From flight-search to seat and booking. */
export const flightCancelled = {
  type: 'flight.cancelled',
  source: serviceName.flightSearch,
  data: z.strictObject({ flight_id: id, reason: lineOfText(1, 200) }),
} as const;

/** A flight has new times. From flight-search to seat. */
export const flightRescheduled = {
  type: 'flight.rescheduled',
  source: serviceName.flightSearch,
  data: z.strictObject({ flight_id: id, departure_time: instant }),
} as const;

/**
 * Seats of a flight were reserved, sold or released. From seat to flight-search. `version` grows with every
 * change of the flight's seats, so that a late delivery cannot undo a newer one.
 */
export const seatsAvailabilityChanged = {
  type: 'seats.availability_changed',
  source: serviceName.seat,
  data: z.strictObject({ flight_id: id, available: seatsByCabin, version: z.int().min(0) }),
} as const;

/** What every event about a booking carries: enough to write to the customer without asking back. */
export const bookingEventData = z.strictObject({
  booking_id: id,
  pnr: z.string(),
  user_id: id,
  contact: z.strictObject({ name: z.string(), email: emailAddress }),
  /** The flights, one line each, in words. */
  journey: z.array(lineOfText(1, 200)),
  amount_paise: paise,
  reason: lineOfText(1, 200).optional(),
});
/** See {@link bookingEventData}. */
export type BookingEventData = z.infer<typeof bookingEventData>;

/** The booking is paid and its seats are sold. From booking to notification. */
export const bookingConfirmed = {
  type: 'booking.confirmed',
  source: serviceName.booking,
  data: bookingEventData,
} as const;

/** The ticket was issued. From booking to notification. */
export const bookingTicketed = {
  type: 'booking.ticketed',
  source: serviceName.booking,
  data: bookingEventData,
} as const;

/** Nobody paid in time. From booking to notification. */
export const bookingExpired = {
  type: 'booking.expired',
  source: serviceName.booking,
  data: bookingEventData,
} as const;

/**
 * The customer, the airline or an operator cancelled; `amount_paise` is what goes back, `refund_lines` are what it is
 * made of, and `kept_paise` is what was paid and does not come back. From booking to notification and ticket.
 */
export const bookingCancelled = {
  type: 'booking.cancelled',
  source: serviceName.booking,
  data: bookingEventData.extend({
    refund_lines: z.array(refundLine).default([]),
    kept_paise: paise.min(0).default(0),
  }),
} as const;

/**
 * An operator gives back the fee that a cancellation had kept: `amount_paise`, made of `refund_lines`. A booking has at
 * most one such event. From booking to notification and ticket.
 */
export const bookingFeeReturned = {
  type: 'booking.fee_returned',
  source: serviceName.booking,
  data: bookingEventData.extend({ refund_lines: z.array(refundLine).min(1) }),
} as const;

/** A payment, which is named, came too late or twice and goes back in full. From booking to notification. */
export const bookingPaymentReturned = {
  type: 'booking.payment_returned',
  source: serviceName.booking,
  data: bookingEventData.extend({ payment_id: id.optional() }),
} as const;
