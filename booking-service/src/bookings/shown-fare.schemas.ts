import {
  DEFAULT_FARE_BRAND,
  FARE_ITEMS,
  MAX_FLIGHTS_PER_ITINERARY,
  cabin,
  fareBrand,
  offeredFare,
  rupeesToPaise,
  type FareBrand,
} from '@flight-booking/contracts';
import { z } from 'zod';
import type { ShownFare } from '../prices/fare-choice.js';

const { total, ...parts } = offeredFare.pick({
  total: true,
  base_fare: true,
  fuel_surcharge: true,
  gst: true,
  user_development_fee: true,
  aviation_security_fee: true,
}).shape;

/** A fare as search and flight details have it, or no more of it than flight and total. */
const shownFare = z.strictObject({
  flight_id: offeredFare.shape.flight_id,
  cabin: cabin.default('economy'),
  brand: fareBrand.optional().meta({ description: 'The brand that is booked, unless it is named' }),
  total,
  ...z.object(parts).partial().shape,
});
/** See {@link shownFare}. */
type ShownFareBody = z.output<typeof shownFare>;

/** Every fare of every flight, for whoever sends back all that was shown. */
const MAX_SHOWN_FARES = MAX_FLIGHTS_PER_ITINERARY * cabin.options.length * fareBrand.options.length;

/** The members of a booking's request that say at which price it is to be. */
export const fareMembers = {
  brand: fareBrand.default(DEFAULT_FARE_BRAND),
  shown_fares: z
    .array(shownFare)
    .min(1)
    .max(MAX_SHOWN_FARES)
    .optional()
    .meta({
      description:
        'What the customer was shown: the `fares` of search, of the flight or of a refusal, as they came. The price ' +
        'charged is then exactly this, or the answer is 409 `price-changed`. Fares of other brands are passed over.',
    }),
};

/** What is wrong with the shown fares of a request, if anything is. */
export function faultOfShownFares(
  flightIds: readonly number[],
  {
    brand,
    shown_fares: fares,
  }: { readonly brand: FareBrand; readonly shown_fares?: ShownFareBody[] | undefined },
): string | undefined {
  if (fares === undefined) return undefined;
  const places = fares.map((fare) => `${fare.flight_id}/${fare.cabin}/${fare.brand ?? brand}`);
  if (new Set(places).size < places.length) return 'must not have two fares of one flight, cabin and brand';
  if (fares.some((fare) => !flightIds.includes(fare.flight_id)))
    return 'must be fares of the flights that are booked';
  const shown = new Set(ofBrand(fares, brand).map((fare) => fare.flight_id));
  if (flightIds.some((flightId) => !shown.has(flightId)))
    return 'must have a fare of the brand that is booked for each flight';
  return undefined;
}

/** The shown fares of the brand that is booked, in paise. */
export const toShownFares = (fares: readonly ShownFareBody[], brand: FareBrand): ShownFare[] =>
  ofBrand(fares, brand).map((fare) => ({
    flightId: fare.flight_id,
    cabin: fare.cabin,
    brand,
    paise: {
      total: rupeesToPaise(fare.total.amount),
      ...Object.fromEntries(
        FARE_ITEMS.flatMap((item) => {
          const amount = fare[item];
          return amount === undefined ? [] : [[item, rupeesToPaise(amount.amount)]];
        }),
      ),
    },
  }));

const ofBrand = (fares: readonly ShownFareBody[], brand: FareBrand): ShownFareBody[] =>
  fares.filter((fare) => (fare.brand ?? brand) === brand);
