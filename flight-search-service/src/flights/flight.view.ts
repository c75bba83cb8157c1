import {
  type FlightDetail,
  type FlightStop,
  paiseToMoney,
  type SeatsByCabin,
} from '@flight-booking/contracts';
import { airlineOf } from '../airlines/airline.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochMinuteOf, localIso } from '../airports/airport-time.js';
import { fareBreakdownOf } from './fare.js';
import type { Flight } from './flight.js';
import type { FlightAnswer } from './flight.schemas.js';

/** Free seats of a flight, and whether they were counted just now. */
export interface KnownAvailability {
  readonly seats: SeatsByCabin;
  readonly live: boolean;
}

const breakdownsOf = (flight: Flight) =>
  flight.cabins.map(({ cabin, fare }) =>
    fareBreakdownOf(cabin, fare, flight.charges, airportOf(flight.sourceCode)),
  );

/** What the two views have in common: times by the clocks of each airport. */
const timesOf = (flight: Flight) => {
  const departure = epochMinuteOf(flight.departureAt);
  const arrival = epochMinuteOf(flight.arrivalAt);
  return {
    departure_time: localIso(departure, airportOf(flight.sourceCode).timeZone),
    arrival_time: localIso(arrival, airportOf(flight.destinationCode).timeZone),
    duration_minutes: arrival - departure,
  };
};

/** A flight as customers see it. */
export function flightView(flight: Flight, availability: KnownAvailability): FlightAnswer {
  const { code, name } = airlineOf(flight.airlineCode);
  return {
    flight_id: flight.id,
    flight_number: flight.flightNumber,
    airline: { code, name },
    source: flight.sourceCode,
    destination: flight.destinationCode,
    ...(flight.sourceTerminal !== undefined && { source_terminal: flight.sourceTerminal }),
    ...(flight.destinationTerminal !== undefined && { destination_terminal: flight.destinationTerminal }),
    ...timesOf(flight),
    aircraft_type: flight.aircraftType,
    status: flight.status,
    ...(flight.cancelReason !== undefined && { cancel_reason: flight.cancelReason }),
    fares: breakdownsOf(flight).map((fare) => ({
      cabin: fare.cabin,
      base_fare: paiseToMoney(fare.base_fare_paise),
      fuel_surcharge: paiseToMoney(fare.fuel_surcharge_paise),
      gst: paiseToMoney(fare.gst_paise),
      user_development_fee: paiseToMoney(fare.user_development_fee_paise),
      aviation_security_fee: paiseToMoney(fare.aviation_security_fee_paise),
      total: paiseToMoney(fare.total_paise),
    })),
    available_seats: availability.seats,
    availability: availability.live ? 'live' : 'recent',
  };
}

/** A flight as the other services are told of it. */
export function flightDetailView(flight: Flight): FlightDetail {
  const { code, name, accountingCode } = airlineOf(flight.airlineCode);
  return {
    flight_id: flight.id,
    flight_number: flight.flightNumber,
    airline: { code, name, accounting_code: accountingCode },
    source: stopView(flight.sourceCode, flight.sourceTerminal),
    destination: stopView(flight.destinationCode, flight.destinationTerminal),
    ...timesOf(flight),
    aircraft_type: flight.aircraftType,
    status: flight.status,
    fares: breakdownsOf(flight),
  };
}

function stopView(code: string, terminal: string | undefined): FlightStop {
  const airport = airportOf(code);
  return {
    code,
    city: airport.city,
    airport: airport.name,
    country: airport.country,
    time_zone: airport.timeZone,
    ...(airport.gstStateCode !== undefined && { gst_state_code: airport.gstStateCode }),
    ...(terminal !== undefined && { terminal }),
  };
}
