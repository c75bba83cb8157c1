import { airportCode, lineOfText, pageLimit } from '@flight-booking/contracts';
import { z } from 'zod';
import { findAirport } from './airport-directory.js';

const MAX_TEXT_LENGTH = 50;
const MAX_LIMIT = 50;
const DEFAULT_LIMIT = 10;

/** The code of an airport that is served. */
export const knownAirport = airportCode.refine((code) => findAirport(code) !== undefined, {
  error: 'is not the code of an airport that is served',
});

/** Query of `GET /api/airports`. */
export const airportsQuery = z.strictObject({
  q: lineOfText(0, MAX_TEXT_LENGTH).default('').meta({ description: 'Part of a code, city or name' }),
  limit: pageLimit(DEFAULT_LIMIT, MAX_LIMIT),
});

const airportAnswer = z.strictObject({
  code: z.string(),
  name: z.string(),
  city: z.string(),
  country: z.string(),
  time_zone: z.string(),
});
/** One airport, as customers see it. */
export type AirportAnswer = z.infer<typeof airportAnswer>;

/** Answer of `GET /api/airports`: the best matches, never more than asked for. */
export const airportsAnswer = z.strictObject({ airports: z.array(airportAnswer) });
