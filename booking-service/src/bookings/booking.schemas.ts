import {
  CURRENCY,
  bookingStatus,
  cabin,
  discountCode,
  everyInfantHasAnAdult,
  fareBrand,
  flightIds,
  id,
  instant,
  lineOfText,
  MAX_SEATS_PER_BOOKING,
  money,
  nextCursor,
  pageQuery,
  passenger,
  priceLineKind,
  recordLocator,
  rupees,
  seatCount,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { CANCELLERS } from './booking.js';
import { fareMembers, faultOfShownFares } from './shown-fare.schemas.js';

/** `POST /api/bookings/create`. */
export const createBookingRequest = z
  .strictObject({
    flight_id: id.optional(),
    flight_ids: flightIds.optional(),
    user_id: id.optional(),
    num_seats: seatCount,
    lock_id: id.optional(),
    passengers: z.array(passenger).min(1).max(MAX_SEATS_PER_BOOKING).optional(),
    discount_code: discountCode.optional(),
    ...fareMembers,
  })
  .refine((body) => (body.flight_id === undefined) !== (body.flight_ids === undefined), {
    path: ['flight_id'],
    error: 'either flight_id or flight_ids is required',
  })
  .refine((body) => body.passengers === undefined || body.passengers.length === body.num_seats, {
    path: ['passengers'],
    error: 'must be as many as num_seats',
  })
  .refine(({ passengers }) => passengers === undefined || everyInfantHasAnAdult(passengers), {
    path: ['passengers'],
    error: 'must have an adult (12 or older) for every infant (under 2)',
  })
  .superRefine((body, context) => {
    const message = faultOfShownFares(flightIdsOf(body), body);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['shown_fares'], message });
  });

/** The flights that a request names, in the one way or the other. */
export const flightIdsOf = (body: {
  readonly flight_id?: number | undefined;
  readonly flight_ids?: readonly number[] | undefined;
}): readonly number[] => body.flight_ids ?? (body.flight_id === undefined ? [] : [body.flight_id]);

const DEFAULT_PAGE = 20;

/** The states that a customer gets to see. */
const visibleStatus = bookingStatus.exclude(['CREATED']);

/** `GET /api/bookings`. */
export const listBookingsQuery = pageQuery(DEFAULT_PAGE).extend({ status: visibleStatus.optional() });

/** `GET /api/bookings/pnr/:pnr`. */
export const pnrParams = z.strictObject({ pnr: recordLocator });

/** `GET /api/bookings/pnr/:pnr`. */
export const pnrQuery = z.strictObject({ last_name: lineOfText(1, 100) });

const stop = z.strictObject({ code: z.string(), city: z.string(), terminal: z.string().optional() });

/** A booking as its customer sees it. */
export const bookingView = z.strictObject({
  booking_id: id,
  pnr: z.string(),
  user_id: id,
  status: visibleStatus,
  created_at: instant,
  expires_at: instant.optional().meta({ description: 'Until when it can be paid' }),
  confirmed_at: instant.optional(),
  brand: fareBrand.meta({ description: 'The brand of its fares, whose conditions it is cancelled by' }),
  contact: z.strictObject({ name: z.string(), email: z.string() }),
  flights: z.array(
    z.strictObject({
      flight_id: id,
      flight_number: z.string(),
      airline: z.strictObject({ code: z.string(), name: z.string() }),
      source: stop,
      destination: stop,
      departure_time: instant,
      arrival_time: instant,
      duration_minutes: z.int(),
    }),
  ),
  passengers: z.array(passenger),
  seats: z.array(
    z.strictObject({
      flight_id: id,
      seat_number: z.string(),
      cabin,
      passenger_index: z.int().min(0).meta({ description: 'Index into `passengers`' }),
    }),
  ),
  price_lines: z.array(
    z.strictObject({
      flight_id: id,
      kind: priceLineKind,
      description: z.string(),
      quantity: z.int().min(1),
      amount: rupees,
      tax_rate: z.int().optional().meta({ description: 'Basis points' }),
    }),
  ),
  amount_due: rupees,
  currency: z.literal(CURRENCY),
  discount_code: z.string().optional(),
  payment_id: id.optional(),
  ticket_id: id.optional(),
  stuck: z
    .strictObject({ since: instant, reason: z.string() })
    .optional()
    .meta({ description: 'Something about it failed too often; an operator looks at it' }),
  cancellation: z
    .strictObject({
      cancelled_at: instant,
      cancelled_by: z.enum(CANCELLERS),
      reason: z.string().optional(),
      refund: money,
      kept: money.meta({ description: 'What was paid and does not come back' }),
      returned_fee: z
        .strictObject({
          amount: rupees,
          currency: z.literal(CURRENCY),
          reason: z.string(),
          returned_at: instant,
        })
        .optional()
        .meta({ description: 'What was kept at first, and given back on top of the refund' }),
      quote_id: id.optional().meta({ description: 'The quote that was confirmed' }),
    })
    .optional(),
});
/** See {@link bookingView}. */
export type BookingView = z.infer<typeof bookingView>;

/** `GET /api/bookings`. */
export const bookingPage = z.strictObject({
  bookings: z.array(bookingView),
  next_cursor: nextCursor,
});

/** What ticket-service is told when it has told of a ticket. */
export const ticketedAnswer = z.strictObject({ booking_id: id, booking_status: bookingStatus });
