import { z } from 'zod';
import { DEFAULT_FARE_BRAND, fareBrand } from './fares.js';
import { flightDetail } from './flights.js';
import { paise } from './money.js';
import { cabin, emailAddress, id, instant, lineOfText } from './scalars.js';

/**
 * The life of a booking. `CREATED` is a row whose seats are not reserved yet: no customer has been promised
 * anything. A booking ends `TICKETED`, `EXPIRED` or `CANCELLED`.
 */
export const bookingStatus = z.enum(['CREATED', 'PENDING', 'CONFIRMED', 'TICKETED', 'EXPIRED', 'CANCELLED']);
/** See {@link bookingStatus}. */
export type BookingStatus = z.infer<typeof bookingStatus>;

/**
 * A name that a ticket can carry. Tickets and boarding passes are written in A to Z (IATA Resolution 792), so a
 * name must be given in Latin letters, as travel documents have it; accents are welcome.
 */
export const travelName = lineOfText(1, 100)
  .regex(/^[\p{Script=Latin}\p{M}\p{Nd} .,'’()/-]*$/u, 'must be in Latin letters, as in the travel document')
  .regex(/\p{Script=Latin}/u, 'must have a letter in it');

/** Somebody who flies. */
export const passenger = z.strictObject({
  name: travelName,
  age: z.int().min(0).max(120).optional(),
  email: emailAddress.optional(),
  phone: z
    .string()
    .trim()
    .regex(/^\+?[0-9][0-9 -]{5,18}$/, 'must be a telephone number')
    .optional(),
});
/** See {@link passenger}. */
export type Passenger = z.infer<typeof passenger>;

const CHILD_FROM = 2;
const ADULT_FROM = 12;

/** What a passenger counts as by age (IATA passenger types): infants are under 2, adults from 12 or of no age given. */
export function passengerTypeOf(age: number | undefined): 'infant' | 'child' | 'adult' {
  if (age === undefined || age >= ADULT_FROM) return 'adult';
  return age >= CHILD_FROM ? 'child' : 'infant';
}

/** Whether every infant can travel with an adult of its own; so no infant travels alone. */
export function everyInfantHasAnAdult(passengers: readonly Pick<Passenger, 'age'>[]): boolean {
  const count = (type: 'infant' | 'adult'): number =>
    passengers.filter(({ age }) => passengerTypeOf(age) === type).length;
  return count('infant') <= count('adult');
}

/** What a line of the price is for. Discounts are negative. */
export const priceLineKind = z.enum([
  'base_fare',
  'fuel_surcharge',
  'discount',
  'gst',
  'user_development_fee',
  'aviation_security_fee',
]);
/** See {@link priceLineKind}. */
export type PriceLineKind = z.infer<typeof priceLineKind>;

/** One line of the price of one flight of a booking; the lines add up to the amount due. */
export const priceLineDetail = z.strictObject({
  flight_id: id,
  kind: priceLineKind,
  description: z.string(),
  quantity: z.int().min(1),
  amount_paise: paise,
  /** For a tax: its rate in basis points. */
  tax_rate: z.int().optional(),
});
/** See {@link priceLineDetail}. */
export type PriceLineDetail = z.infer<typeof priceLineDetail>;

/** `GET /internal/bookings/:id` of booking-service. */
export const bookingDetail = z.strictObject({
  booking_id: id,
  user_id: id,
  pnr: z.string(),
  status: bookingStatus,
  created_at: instant,
  expires_at: instant.optional(),
  confirmed_at: instant.optional(),
  amount_due_paise: paise,
  /** The brand of its fares; its flights have the fares of this brand alone. */
  brand: fareBrand.default(DEFAULT_FARE_BRAND),
  contact: z.strictObject({ name: z.string(), email: z.string() }),
  flights: z.array(flightDetail),
  passengers: z.array(passenger),
  seats: z.array(
    z.strictObject({
      flight_id: id,
      seat_number: z.string(),
      cabin,
      /** Index into `passengers`. */
      passenger_index: z.int().min(0),
    }),
  ),
  price_lines: z.array(priceLineDetail),
  discount_code: z.string().optional(),
  payment_id: id.optional(),
  ticket_id: id.optional(),
});
/** See {@link bookingDetail}. */
export type BookingDetail = z.infer<typeof bookingDetail>;

/** `POST /internal/bookings/:id/confirm` of booking-service: the payment is captured. Safe to repeat. */
export const confirmBookingRequest = z.strictObject({ payment_id: id, amount_paise: paise });
/** See {@link confirmBookingRequest}. */
export type ConfirmBookingRequest = z.infer<typeof confirmBookingRequest>;

/** Why booking-service does not take a payment, which then goes back in full. */
export const paymentReturnReason = z.enum(['expired', 'cancelled', 'seats_lost', 'already_paid']);
/** See {@link paymentReturnReason}. */
export type PaymentReturnReason = z.infer<typeof paymentReturnReason>;

/**
 * What became of the booking that was paid: `accepted` means that this payment confirmed it; otherwise the
 * payer gets everything back and `reason` says why.
 */
export const confirmBookingAnswer = z.discriminatedUnion('accepted', [
  z.strictObject({ accepted: z.literal(true), booking_status: bookingStatus }),
  z.strictObject({
    accepted: z.literal(false),
    booking_status: bookingStatus,
    reason: paymentReturnReason,
  }),
]);
/** See {@link confirmBookingAnswer}. */
export type ConfirmBookingAnswer = z.infer<typeof confirmBookingAnswer>;

/** `POST /internal/bookings/:id/ticketed` of booking-service: the ticket exists. Safe to repeat. */
export const bookingTicketedRequest = z.strictObject({ ticket_id: id });

/**
 * `POST /internal/bookings/payment-states` of booking-service: what booking-service knows of captured payments, for
 * whoever reconciles. Payments that it never heard of are left out of the answer.
 */
export const paymentStatesRequest = z.strictObject({ payment_ids: z.array(id).min(1).max(500) });

const paymentState = z.strictObject({
  payment_id: id,
  booking_id: id,
  booking_status: bookingStatus,
  /** What became of the payment; absent while that is being decided. */
  verdict: z.enum(['accepted', ...paymentReturnReason.options]).optional(),
  /** What of this payment has to go back in the end. */
  refund_due_paise: paise.min(0),
  /** For how long nothing of this has changed, by the clock of booking-service's database. */
  unchanged_ms: z.int().min(0),
});

/** See {@link paymentStatesRequest}. */
export const paymentStatesAnswer = z.strictObject({ payments: z.array(paymentState) });

/**
 * `GET /internal/payment-states` of booking-service: the payments whose state changed after a position, in the order of
 * their last change. Whoever goes on from the position of an answer misses no change; no clock is compared.
 */
export const paymentStateChangesQuery = z.strictObject({
  /** The position of the last answer; absent to begin. */
  after: z
    .string()
    .regex(/^\d{1,20}:\d{1,19}$/)
    .optional(),
});

/** See {@link paymentStateChangesQuery}. */
export const paymentStateChangesAnswer = z.strictObject({
  payments: z.array(paymentState).max(500),
  /** Where the next answer goes on; absent when there is nothing new. */
  position: z.string().optional(),
});
/** See {@link paymentStateChangesQuery}. */
export type PaymentStateChangesAnswer = z.infer<typeof paymentStateChangesAnswer>;
/** See {@link paymentStatesAnswer}. */
export type PaymentStatesAnswer = z.infer<typeof paymentStatesAnswer>;
