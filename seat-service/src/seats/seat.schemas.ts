import {
  MAX_SEATS_PER_BOOKING,
  aircraftType,
  cabin,
  flightIds,
  id,
  idText,
  instant,
  seatCount,
  seatNumber,
} from '@flight-booking/contracts';
import { z } from 'zod';

/** Body of `POST /api/seats/lock`. */
export const lockRequest = z
  .strictObject({
    flight_id: id.optional(),
    flight_ids: flightIds.optional(),
    user_id: id.optional(),
    num_seats: seatCount.optional(),
    seats: z
      .array(seatNumber)
      .min(1)
      .max(MAX_SEATS_PER_BOOKING)
      .refine((seats) => new Set(seats).size === seats.length, 'must not name a seat twice')
      .optional(),
    cabin: cabin.optional(),
  })
  .superRefine((body, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if ((body.flight_id === undefined) === (body.flight_ids === undefined)) {
      refuse(
        'flight_id',
        body.flight_id === undefined ? 'is required, or flight_ids' : 'cannot stand beside flight_ids',
      );
    }
    if ((body.num_seats === undefined) === (body.seats === undefined)) {
      refuse('num_seats', body.seats === undefined ? 'is required, or seats' : 'cannot stand beside seats');
    }
    if (body.seats !== undefined && body.flight_ids !== undefined)
      refuse('seats', 'can be named on one flight_id only');
    if (body.seats !== undefined && body.cabin !== undefined) refuse('cabin', 'cannot stand beside seats');
  })
  .meta({
    description:
      'One flight (`flight_id`) or the flights of an itinerary (`flight_ids`); how many seats (`num_seats`, the best that lie together) or which (`seats`).',
  });

const lockCommon = { lock_id: id, user_id: id, expires_at: instant, server_time: instant };

/** A lock of one flight, as asked for by `flight_id`. */
export const flightLock = z.strictObject({ ...lockCommon, flight_id: id, seats: z.array(z.string()) });

/** A lock of an itinerary, as asked for by `flight_ids`. */
export const itineraryLock = z.strictObject({
  ...lockCommon,
  flights: z.array(z.strictObject({ flight_id: id, seats: z.array(z.string()) })),
});

/** Path of `DELETE /api/seats/lock/:lock_id`. */
export const lockParams = z.strictObject({ lock_id: idText });

/** Path of `GET /api/seats/:flight_id`. */
export const flightParams = z.strictObject({ flight_id: idText });

const seatStatus = z.enum(['available', 'locked', 'reserved', 'sold']);

/** The seats of a flight, cabin by cabin and row by row. */
export const seatMap = z.strictObject({
  flight_id: id,
  aircraft_type: aircraftType,
  cabins: z.array(
    z.strictObject({
      cabin,
      rows: z.array(
        z.strictObject({
          row: z.int(),
          seats: z.array(
            z.strictObject({
              seat: z.string(),
              position: z.enum(['window', 'middle', 'aisle']),
              status: seatStatus,
              /** The lock is your own. */
              mine: z.boolean(),
            }),
          ),
        }),
      ),
      counts: z.record(seatStatus, z.int()),
    }),
  ),
  counts: z.record(seatStatus, z.int()),
  server_time: instant,
});

const MAX_FLIGHTS_ASKED = 50;

/** Query of `GET /internal/availability`. */
export const availabilityQuery = z.strictObject({
  flight_ids: z
    .string()
    .max(1_000)
    .transform((text) => text.split(','))
    .pipe(z.array(idText).min(1).max(MAX_FLIGHTS_ASKED)),
});
