import {
  cabin,
  calendarDate,
  DEFAULT_FARE_BRAND,
  fareBrand,
  id,
  instant,
  MAX_SEATS_PER_BOOKING,
  money,
  nextCursor,
  offeredFare,
  pageLimit,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { knownAirport } from '../airports/airport.schemas.js';
import { brandConditions } from '../flights/flight.schemas.js';
import { facets } from './facets.schemas.js';
import { filterFields } from './itinerary-filters.schemas.js';
import { SORT_ORDERS } from './itinerary-order.js';
import { searchCursor } from './search-cursor.js';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;

/** How many travel; one unless said. */
export const passengerCount = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(MAX_SEATS_PER_BOOKING))
  .default(1);

/** How often planes may be changed; once unless said. */
export const maxStops = z
  .enum(['0', '1', '2'], { error: 'must be 0, 1 or 2' })
  .transform((stops) => Number(stops) as 0 | 1 | 2)
  .default(1);

/** Whether a journey goes somewhere. */
export const apart = (query: { readonly source: string; readonly destination: string }): boolean =>
  query.source !== query.destination;

/** What is said when it does not. */
export const DIFFERENT_AIRPORTS = {
  path: ['destination'],
  error: 'must be another airport than the source',
};

/** Query of `GET /api/flights/search`. */
export const searchQuery = z
  .strictObject({
    source: knownAirport,
    destination: knownAirport,
    /** By the clocks of the source. */
    date: calendarDate,
    return_date: calendarDate.optional().meta({
      description: 'Of the way back, by the clocks of the destination; the answer then has both directions',
    }),
    passengers: passengerCount,
    max_stops: maxStops,
    cabin: cabin.default('economy'),
    /** The brand whose price is shown as `price` and sorted by; every brand is in the answer. */
    brand: fareBrand.default(DEFAULT_FARE_BRAND),
    sort: z.enum(SORT_ORDERS).default('price').meta({
      description: '`best` weighs the price against ten rupees for each minute and 500 for each stop',
    }),
    ...filterFields,
    limit: pageLimit(DEFAULT_LIMIT, MAX_LIMIT),
    cursor: searchCursor.optional(),
    return_cursor: searchCursor.optional().meta({ description: 'The `next_cursor` of the inbound list' }),
    facets: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true')
      .meta({ description: 'Whether to count what each value of each filter would leave' }),
  })
  .refine(apart, DIFFERENT_AIRPORTS)
  .refine((query) => query.cursor === undefined || query.cursor.sort === query.sort, {
    path: ['cursor'],
    error: 'belongs to a search with another order',
  })
  .refine((query) => query.return_cursor === undefined || query.return_cursor.sort === query.sort, {
    path: ['return_cursor'],
    error: 'belongs to a search with another order',
  })
  .refine((query) => query.return_cursor === undefined || query.return_date !== undefined, {
    path: ['return_cursor'],
    error: 'needs a return_date',
  })
  .refine((query) => query.return_date === undefined || query.return_date >= query.date, {
    path: ['return_date'],
    error: 'must not lie before the date',
  })
  .refine((query) => query.return_date === undefined || !query.facets, {
    path: ['facets'],
    error: 'are counted for one direction: leave out return_date',
  });

/** See {@link searchQuery}. */
export type SearchQuery = z.output<typeof searchQuery>;

const leg = z.strictObject({
  flight_id: id,
  flight_number: z.string(),
  airline: z.strictObject({ code: z.string(), name: z.string() }),
  source: z.string(),
  destination: z.string(),
  departure_time: instant.meta({ description: 'By the clocks of the source' }),
  arrival_time: instant.meta({ description: 'By the clocks of the destination' }),
  duration_minutes: z.int(),
  available_seats: z.int().meta({
    description:
      'Seats of the cabin asked for that are neither sold nor reserved; one flight by its id also leaves out locked ones',
  }),
  fare: money.meta({
    description: 'What one passenger pays for this leg in the brand asked for, taxes and fees included',
  }),
  fares: z
    .array(offeredFare)
    .meta({ description: 'The same by brand and part by part; what a booking takes as `shown_fares`' }),
});

const layover = z.strictObject({
  airport: z.string(),
  minutes: z.int(),
  mct_minutes: z.int().meta({ description: 'Minimum connection time that applies' }),
  slack_minutes: z.int().meta({ description: 'Minutes beyond the minimum' }),
  terminal_change: z.boolean(),
});

const itinerary = z.strictObject({
  itinerary_id: z.string().meta({ description: 'Ids of the flights, joined by hyphens' }),
  stops: z.int().min(0).max(2),
  duration_minutes: z.int().meta({ description: 'From the first departure to the last arrival' }),
  price: money.meta({
    description: 'What one passenger pays for all legs in the brand asked for, taxes and fees included',
  }),
  legs: z.array(leg),
  layovers: z.array(layover),
  offers: z.array(offeredFare.omit({ flight_id: true })).meta({
    description: 'What one passenger pays for all legs by brand, part by part',
  }),
});
/** One way to travel, as customers see it. */
export type ItineraryView = z.infer<typeof itinerary>;

/** A page of itineraries. */
export const searchPage = z.strictObject({
  itineraries: z.array(itinerary),
  fare_conditions: z.array(brandConditions).meta({
    description: 'What each brand allows and includes, in the cabin asked for; empty without itineraries',
  }),
  next_cursor: nextCursor,
});
/** See {@link searchPage}. */
export type SearchPage = z.infer<typeof searchPage>;

/** Answer of `GET /api/flights/search` without a `return_date`. */
export const searchAnswer = searchPage.extend({
  facets: facets.optional().meta({ description: 'Where `facets=true` asks for them' }),
});
