import { paiseToMoney } from '@flight-booking/contracts';
import { airlineOf } from '../airlines/airline.js';
import { airportOf } from '../airports/airport-directory.js';
import { localIso } from '../airports/airport-time.js';
import type { FoundItinerary, FoundLayover, FoundLeg } from './itinerary.js';
import type { ItineraryView } from './search.schemas.js';

/** An itinerary as customers see it: money in rupees, times by the clocks of each airport. */
export const itineraryView = (found: FoundItinerary): ItineraryView => ({
  itinerary_id: found.flightIds.join('-'),
  stops: found.legs.length - 1,
  duration_minutes: found.durationMinutes,
  price: paiseToMoney(found.pricePaise),
  legs: found.legs.map(legView),
  layovers: found.layovers.map(layoverView),
});

function legView(leg: FoundLeg): ItineraryView['legs'][number] {
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

const layoverView = (layover: FoundLayover): ItineraryView['layovers'][number] => ({
  airport: layover.airport,
  minutes: layover.minutes,
  mct_minutes: layover.minimumMinutes,
  slack_minutes: layover.minutes - layover.minimumMinutes,
  terminal_change: layover.terminalChange,
});
