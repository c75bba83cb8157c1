import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Finds the bookings on a flight that is cancelled. */
export const cancelFlightBookings = defineJob(
  'cancel-flight-bookings',
  z.strictObject({ flight_id: id, reason: z.string() }),
);

/** Cancels one booking because a flight of it is cancelled. */
export const cancelForFlight = defineJob(
  'cancel-for-flight',
  z.strictObject({ booking_id: id, reason: z.string() }),
);

/** A booking is cancelled once however many flights of it are, and however often that is told. */
export const cancelForFlightKey = (bookingId: number): string => `cancel-for-flight:${bookingId}`;
