import { money } from '@flight-booking/contracts';
import { z } from 'zod';
import { searchPage } from './search.schemas.js';

/** Answer of `GET /api/flights/search` with a `return_date`: a page of each direction. */
export const roundTripAnswer = z.strictObject({
  outbound: searchPage,
  inbound: searchPage.meta({ description: '`next_cursor` goes into `return_cursor`' }),
  cheapest: z
    .strictObject({ outbound: z.string(), inbound: z.string() })
    .nullable()
    .meta({ description: 'The itineraries of the cheapest round trip, which may be on other pages' }),
  total: money.nullable().meta({
    description: 'What one passenger pays for the cheapest round trip; null where there is none',
  }),
});
/** See {@link roundTripAnswer}. */
export type RoundTripAnswer = z.infer<typeof roundTripAnswer>;
