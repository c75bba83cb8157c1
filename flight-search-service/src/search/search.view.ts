import { type Page, paiseToMoney } from '@flight-booking/contracts';
import { airlineOf } from '../airlines/airline.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochDayOf, localIso } from '../airports/airport-time.js';
import type { FoundItinerary, FoundLayover, FoundLeg, ItineraryQuery } from './itinerary.js';
import type { ItineraryView, SearchAnswer, SearchQuery } from './search.schemas.js';

/** What a customer asks for. */
export const toItineraryQuery = (query: SearchQuery): ItineraryQuery => ({
  source: query.source,
  destination: query.destination,
  day: epochDayOf(query.date),
  passengers: query.passengers,
  maxStops: query.max_stops,
  cabin: query.cabin,
  sort: query.sort,
  limit: query.limit,
  after: query.cursor,
});

/** A page of itineraries as customers see it. */
export const toSearchView = ({ items, nextCursor }: Page<FoundItinerary>): SearchAnswer => ({
  itineraries: items.map(toItineraryView),
  next_cursor: nextCursor,
});

/** Money in rupees, times by the clocks of each airport. */
const toItineraryView = (found: FoundItinerary): ItineraryView => ({
  itinerary_id: found.flightIds.join('-'),
  stops: found.legs.length - 1,
  duration_minutes: found.durationMinutes,
  price: paiseToMoney(found.pricePaise),
  legs: found.legs.map(toLegView),
  layovers: found.layovers.map(toLayoverView),
});

function toLegView(leg: FoundLeg): ItineraryView['legs'][number] {
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
    fare: paiseToMoney(leg.pricePaise),
  };
}

const toLayoverView = (layover: FoundLayover): ItineraryView['layovers'][number] => ({
  airport: layover.airport,
  minutes: layover.minutes,
  mct_minutes: layover.minimumMinutes,
  slack_minutes: layover.minutes - layover.minimumMinutes,
  terminal_change: layover.terminalChange,
});
