import type { Cabin } from '@flight-booking/contracts';
import { airportOf } from '../airports/airport-directory.js';
import { epochMinuteOf } from '../airports/airport-time.js';
import { fareBreakdownOf } from '../flights/fare.js';
import type { Flight } from '../flights/flight.js';
import { flightOf, type FlightRow } from '../flights/flight.row.js';
import type { IndexedFlight } from './route-flights.js';

const byCabin = (
  flight: Flight,
  value: (cabin: Flight['cabins'][number]) => number,
): Record<Cabin, number> => {
  const values: Record<Cabin, number> = { economy: 0, business: 0 };
  for (const cabin of flight.cabins) values[cabin.cabin] = value(cabin);
  return values;
};

/** What the index keeps of a flight. A cancelled one keeps its place and has no seats. */
export function indexedFlightOf(row: FlightRow): IndexedFlight {
  const flight = flightOf(row);
  const source = airportOf(flight.sourceCode);
  const onSale = flight.status === 'SCHEDULED';
  return {
    flightId: flight.flightId,
    flightNumber: flight.flightNumber,
    source: flight.sourceCode,
    destination: flight.destinationCode,
    sourceTerminal: flight.sourceTerminal,
    destinationTerminal: flight.destinationTerminal,
    departureDay: row.departure_day,
    departure: epochMinuteOf(flight.departureAt),
    arrival: epochMinuteOf(flight.arrivalAt),
    pricePaise: byCabin(
      flight,
      ({ cabin, fare }) => fareBreakdownOf(cabin, fare, flight.charges, source).total_paise,
    ),
    seats: byCabin(flight, ({ available }) => (onSale ? available : 0)),
  };
}
