import { cabin, calendarDate, DEFAULT_FARE_BRAND, fareBrand, money } from '@flight-booking/contracts';
import { z } from 'zod';
import { knownAirport } from '../airports/airport.schemas.js';
import { apart, DIFFERENT_AIRPORTS, maxStops, passengerCount } from './search.schemas.js';

/** Query of `GET /api/flights/calendar`. */
export const calendarQuery = z
  .strictObject({
    source: knownAirport,
    destination: knownAirport,
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2027-01')
      .refine((month) => !month.startsWith('0000'), { error: 'must be a month such as 2027-01' })
      .meta({ description: 'Of the departures, by the clocks of the source: `2027-01`' }),
    passengers: passengerCount,
    max_stops: maxStops,
    cabin: cabin.default('economy'),
    brand: fareBrand.default(DEFAULT_FARE_BRAND),
  })
  .refine(apart, DIFFERENT_AIRPORTS);
/** See {@link calendarQuery}. */
export type CalendarParameters = z.output<typeof calendarQuery>;

/** Answer of `GET /api/flights/calendar`: every day of the month. */
export const calendarAnswer = z.strictObject({
  days: z.array(
    z.strictObject({
      date: calendarDate,
      price: money.nullable().meta({
        description: 'Lowest price of one passenger for all legs; null where nothing is sold',
      }),
      itinerary_id: z.string().nullable().meta({ description: 'The itinerary of that price' }),
    }),
  ),
});
/** See {@link calendarAnswer}. */
export type CalendarAnswer = z.infer<typeof calendarAnswer>;
