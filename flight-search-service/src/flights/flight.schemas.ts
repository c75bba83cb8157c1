import {
  aircraftType,
  airlineCode,
  cabin,
  capacityOf,
  fareBrand,
  fareConditions,
  flightStatus,
  id,
  idText,
  instant,
  lineOfText,
  money,
  offeredFare,
  positiveRupees,
  rupees,
  seatsByCabin,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { findAirline } from '../airlines/airline.js';
import { knownAirport } from '../airports/airport.schemas.js';

const MAX_FARE_RUPEES = 1_000_000;
const MAX_FLIGHT_MINUTES = 24 * 60;
const MAX_IDS = 100;
const MS_PER_MINUTE = 60_000;

/** Path of one flight. */
export const flightParams = z.strictObject({ id: idText });

/** Query of `GET /internal/flights`. */
export const flightsQuery = z.strictObject({
  ids: z
    .string()
    .max(MAX_IDS * 17)
    .transform((text) => text.split(','))
    .pipe(z.array(idText).max(MAX_IDS)),
});

/** Body of `POST /api/flights/:id/cancel`. */
export const cancelRequest = z.strictObject({
  reason: lineOfText(1, 200).default('Cancelled by the airline'),
});

const wholeMinute = instant.refine((text) => Date.parse(text) % MS_PER_MINUTE === 0, {
  error: 'must be a whole minute',
});

const terminal = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{1,3}$/, 'must be one to three letters and digits');

/** Base fare and fuel surcharge of a cabin, as an admin sets them. */
const newFare = z.strictObject({
  base_fare: positiveRupees.max(MAX_FARE_RUPEES),
  fuel_surcharge: rupees.min(0).max(MAX_FARE_RUPEES).default(0),
});

/** Fares by cabin: body of `PUT /api/flights/:id/fares`. */
export const newFares = z.strictObject({ economy: newFare, business: newFare.optional() });

/** Body of `POST /api/flights`. */
export const newFlightRequest = z
  .strictObject({
    airline: airlineCode.refine((code) => findAirline(code) !== undefined, {
      error: 'is not the designator of an airline that is sold',
    }),
    flight_number: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z0-9]{2} ?[1-9]\d{0,3}$/, 'must be a designator and a number, such as 6E 2045')
      .transform((text) => `${text.slice(0, 2)} ${text.slice(2).trim()}`),
    source: knownAirport,
    destination: knownAirport,
    source_terminal: terminal.optional(),
    destination_terminal: terminal.optional(),
    departure_time: wholeMinute,
    arrival_time: wholeMinute,
    aircraft_type: aircraftType,
    fares: newFares,
  })
  .superRefine((flight, context) => {
    const refuse = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (flight.source === flight.destination)
      refuse(['destination'], 'must be another airport than the source');
    if (!flight.flight_number.startsWith(flight.airline))
      refuse(['flight_number'], 'must begin with the designator of the airline');
    const minutes = (Date.parse(flight.arrival_time) - Date.parse(flight.departure_time)) / MS_PER_MINUTE;
    if (minutes <= 0) refuse(['arrival_time'], 'must be after the departure');
    if (minutes > MAX_FLIGHT_MINUTES) refuse(['arrival_time'], 'must be within a day of the departure');
    const hasBusiness = capacityOf(flight.aircraft_type, 'business') > 0;
    if (hasBusiness && flight.fares.business === undefined)
      refuse(['fares', 'business'], 'is required: the aircraft has a business cabin');
    if (!hasBusiness && flight.fares.business !== undefined)
      refuse(['fares', 'business'], 'must be absent: the aircraft has no business cabin');
  });
/** See {@link newFlightRequest}. */
export type NewFlightRequest = z.output<typeof newFlightRequest>;

/** What a brand allows and includes in a cabin, as customers are told it. */
export const brandConditions = z.strictObject({ cabin, brand: fareBrand, ...fareConditions.shape });
/** See {@link brandConditions}. */
export type BrandConditions = z.infer<typeof brandConditions>;

const fareBeforeTax = z.strictObject({ base_fare: money, fuel_surcharge: money });

/** Answer of `GET /api/flights/:id/fare-changes`. */
export const fareChanges = z.strictObject({
  fare_changes: z.array(
    z.strictObject({
      fare_change_id: id,
      cabin,
      before: fareBeforeTax,
      after: fareBeforeTax,
      changed_by: id.meta({ description: 'The account of the admin' }),
      changed_at: instant,
    }),
  ),
});
/** One change of a fare, as admins see it. */
export type FareChangeView = z.infer<typeof fareChanges>['fare_changes'][number];

/** One flight, as customers see it. */
export const flightAnswer = z.strictObject({
  flight_id: id,
  flight_number: z.string(),
  airline: z.strictObject({ code: z.string(), name: z.string() }),
  source: z.string(),
  destination: z.string(),
  source_terminal: z.string().optional(),
  destination_terminal: z.string().optional(),
  departure_time: instant.meta({ description: 'By the clocks of the source' }),
  arrival_time: instant.meta({ description: 'By the clocks of the destination' }),
  duration_minutes: z.int(),
  aircraft_type: aircraftType,
  status: flightStatus,
  cancel_reason: z.string().optional(),
  fares: z.array(offeredFare).meta({
    description: 'By cabin and brand; what a booking takes as `shown_fares`',
  }),
  fare_conditions: z.array(brandConditions),
  available_seats: seatsByCabin,
  availability: z
    .enum(['live', 'recent'])
    .meta({ description: '`live`: counted just now, locks included; `recent`: as last told, without locks' }),
});
/** See {@link flightAnswer}. */
export type FlightAnswer = z.infer<typeof flightAnswer>;
