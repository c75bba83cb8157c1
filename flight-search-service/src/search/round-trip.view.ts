import { type Page, paiseToMoney } from '@flight-booking/contracts';
import { epochDayOf } from '../airports/airport-time.js';
import type { FoundItinerary } from './itinerary.js';
import type { RoundTripAnswer } from './round-trip.schemas.js';
import type { RoundTripQuery } from './round-trip-search.js';
import type { SearchPage, SearchQuery } from './search.schemas.js';
import { toItineraryQuery } from './search.view.js';
import type { RoundTripPages } from './wide-search.service.js';

/** What a customer asks for: the same filters there and back. */
export const toRoundTripQuery = (query: SearchQuery, returnDate: string): RoundTripQuery => {
  const outbound = toItineraryQuery(query);
  const { source, destination } = outbound;
  const inbound = {
    ...outbound,
    source: destination,
    destination: source,
    day: epochDayOf(returnDate),
    after: query.return_cursor,
  };
  return { outbound, inbound };
};

/** Both directions as customers see them. */
export const toRoundTripView = (
  { outbound, inbound, cheapest }: RoundTripPages,
  toPageView: (page: Page<FoundItinerary>) => SearchPage,
): RoundTripAnswer => ({
  outbound: toPageView(outbound),
  inbound: toPageView(inbound),
  cheapest: cheapest === undefined ? null : idsOf(cheapest),
  total:
    cheapest === undefined ? null : paiseToMoney(cheapest.outbound.pricePaise + cheapest.inbound.pricePaise),
});

const idsOf = ({ outbound, inbound }: NonNullable<RoundTripPages['cheapest']>) => ({
  outbound: outbound.flightIds.join('-'),
  inbound: inbound.flightIds.join('-'),
});
