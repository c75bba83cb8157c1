import type { Cabin } from '@flight-booking/contracts';
import { epochMinuteOf } from '../airports/airport-time.js';
import type { CabinFare } from '../flights/fare.js';
import type { FareRules } from '../flights/fare-rules.js';
import type { Flight } from '../flights/flight.js';
import { flightOf, type FlightRow } from '../flights/flight.row.js';
import type { IndexedFlight } from './route-flights.js';

const NO_FARE: CabinFare = { baseFarePaise: 0, fuelSurchargePaise: 0 };

const byCabin = <Value>(
  flight: Flight,
  none: Value,
  value: (cabin: Flight['cabins'][number]) => Value,
): Record<Cabin, Value> => {
  const values: Record<Cabin, Value> = { economy: none, business: none };
  for (const cabin of flight.cabins) values[cabin.cabin] = value(cabin);
  return values;
};

/** What the index keeps of a flight. A cancelled one keeps its place and has no seats. */
export function indexedFlightOf(row: FlightRow, rules: FareRules): IndexedFlight {
  const flight = flightOf(row);
  const totalOf = (...fare: Parameters<FareRules['breakdownOf']>): number =>
    rules.breakdownOf(...fare).total_paise;
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
    fares: byCabin(flight, NO_FARE, ({ fare }) => fare),
    charges: flight.charges,
    pricePaise: byCabin(flight, 0, ({ cabin, fare }) => totalOf(flight, cabin, fare, 'saver')),
    flexPricePaise: byCabin(flight, 0, ({ cabin, fare }) => totalOf(flight, cabin, fare, 'flex')),
    seats: byCabin(flight, 0, ({ available }) => (onSale ? available : 0)),
  };
}
