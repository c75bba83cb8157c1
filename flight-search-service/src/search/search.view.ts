import {
  fareBrand,
  type FareBrand,
  FARE_ITEMS,
  type FareBreakdown,
  farePaiseOf,
  offeredFareOf,
  type Page,
  paiseToMoney,
  sumPaise,
} from '@flight-booking/contracts';
import { airlineOf } from '../airlines/airline.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochDayOf, localIso } from '../airports/airport-time.js';
import type { FareRules } from '../flights/fare-rules.js';
import { toBrandConditions } from '../flights/flight.view.js';
import type { FoundItinerary, FoundLayover, FoundLeg, ItineraryQuery } from './itinerary.js';
import type { ItineraryView, SearchPage, SearchQuery } from './search.schemas.js';

/** What a customer asks for. */
export const toItineraryQuery = (query: SearchQuery): ItineraryQuery => ({
  source: query.source,
  destination: query.destination,
  day: epochDayOf(query.date),
  passengers: query.passengers,
  maxStops: query.max_stops,
  cabin: query.cabin,
  brand: query.brand,
  sort: query.sort,
  airlines: query.airlines,
  departureWindow: query.departure_window,
  arrivalWindow: query.arrival_window,
  maxPricePaise: query.max_price,
  maxLayoverMinutes: query.max_layover_minutes,
  limit: query.limit,
  after: query.cursor,
});

/** A page of itineraries as customers see it. */
export const toSearchView = ({ items, nextCursor }: Page<FoundItinerary>, rules: FareRules): SearchPage => ({
  itineraries: items.map((itinerary) => toItineraryView(itinerary, rules)),
  fare_conditions: [...new Set(items.map(({ cabin }) => cabin))].flatMap((cabin) =>
    toBrandConditions(cabin, rules),
  ),
  next_cursor: nextCursor,
});

/** Money in rupees, times by the clocks of each airport. */
function toItineraryView(found: FoundItinerary, rules: FareRules): ItineraryView {
  const legs = found.legs.map((leg) => ({ leg, fares: faresOf(leg, found, rules) }));
  return {
    itinerary_id: found.flightIds.join('-'),
    stops: found.legs.length - 1,
    duration_minutes: found.durationMinutes,
    price: paiseToMoney(found.pricePaise),
    legs: legs.map(({ leg, fares }) => toLegView(leg, fares, found.brand)),
    layovers: found.layovers.map(toLayoverView),
    offers: fareBrand.options.map((brand) =>
      toOfferView(
        found,
        brand,
        legs.flatMap(({ fares }) => fares),
      ),
    ),
  };
}

/** What a leg costs under each brand. */
const faresOf = (leg: FoundLeg, { cabin }: FoundItinerary, rules: FareRules): FareBreakdown[] =>
  fareBrand.options.map((brand) =>
    rules.breakdownOf({ sourceCode: leg.source, charges: leg.charges }, cabin, leg.fare, brand),
  );

/** What all legs cost under a brand, part by part. */
function toOfferView(
  { cabin }: FoundItinerary,
  brand: FareBrand,
  fares: readonly FareBreakdown[],
): ItineraryView['offers'][number] {
  const ofBrand = fares.filter((fare) => fare.brand === brand).map(farePaiseOf);
  const sums = FARE_ITEMS.map((item) => [item, paiseToMoney(sumPaise(ofBrand.map((fare) => fare[item])))]);
  return {
    cabin,
    brand,
    ...(Object.fromEntries(sums) as Omit<ItineraryView['offers'][number], 'cabin' | 'brand'>),
  };
}

function toLegView(
  leg: FoundLeg,
  fares: readonly FareBreakdown[],
  brand: FareBrand,
): ItineraryView['legs'][number] {
  const { code, name } = airlineOf(leg.flightNumber.slice(0, 2));
  return {
    flight_id: leg.flightId,
    flight_number: leg.flightNumber,
    airline: { code, name },
    source: leg.source,
    destination: leg.destination,
    departure_time: localIso(leg.departure, airportOf(leg.source).timeZone),
    arrival_time: localIso(leg.arrival, airportOf(leg.destination).timeZone),
    duration_minutes: leg.arrival - leg.departure,
    available_seats: leg.availableSeats,
    fare: paiseToMoney(
      sumPaise(fares.filter((fare) => fare.brand === brand).map((fare) => fare.total_paise)),
    ),
    fares: fares.map((fare) => offeredFareOf(leg.flightId, fare)),
  };
}

const toLayoverView = (layover: FoundLayover): ItineraryView['layovers'][number] => ({
  airport: layover.airport,
  minutes: layover.minutes,
  mct_minutes: layover.minimumMinutes,
  slack_minutes: layover.minutes - layover.minimumMinutes,
  terminal_change: layover.terminalChange,
});
