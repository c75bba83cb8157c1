import { z } from 'zod';
import { MAX_FLIGHTS_PER_ITINERARY, cabin, flightIds, id, instant, seatCount } from './scalars.js';

/** `PUT /internal/reservations/:booking_id` of seat-service: turns live locks into seats of an unpaid booking. */
export const reservationRequest = z.strictObject({
  user_id: id,
  flight_ids: flightIds,
  num_seats: seatCount,
  /** Which lock to take; without it, the user's live lock that fits. */
  lock_id: id.optional(),
  /** The cabins that may be taken of each flight: those whose fares were agreed. Without it, any. */
  cabins: z
    .array(z.strictObject({ flight_id: id, cabins: z.array(cabin).min(1) }))
    .max(MAX_FLIGHTS_PER_ITINERARY)
    .optional(),
  /** Until when the seats stay reserved for the unpaid booking. */
  expires_at: instant,
});
/** See {@link reservationRequest}. */
export type ReservationRequest = z.infer<typeof reservationRequest>;

/** `PUT /internal/reservations/:booking_id/sale` of seat-service: the payment that the seats are to be sold for. */
export const saleRequest = z.strictObject({ payment_id: id });
/** See {@link saleRequest}. */
export type SaleRequest = z.infer<typeof saleRequest>;

/** A seat of a reservation. */
export const reservedSeat = z.strictObject({ flight_id: id, seat_number: z.string(), cabin });
/** See {@link reservedSeat}. */
export type ReservedSeat = z.infer<typeof reservedSeat>;

/** Seats of a booking: reserved until it is paid, then sold; released when it ends unpaid or is cancelled. */
export const reservation = z.strictObject({
  booking_id: id,
  status: z.enum(['RESERVED', 'SOLD', 'RELEASED']),
  seats: z.array(reservedSeat),
});
/** See {@link reservation}. */
export type Reservation = z.infer<typeof reservation>;
