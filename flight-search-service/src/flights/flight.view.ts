import { type FlightDetail, type FlightStop, paiseToMoney, rupeesToPaise } from '@flight-booking/contracts';
import { airlineOf } from '../airlines/airline.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochMinuteOf, localIso } from '../airports/airport-time.js';
import { type CabinFare, fareBreakdownOf } from './fare.js';
import { type Flight, type KnownAvailability, type NewFlight, seatsOf } from './flight.js';
import type { FlightAnswer, NewFlightRequest } from './flight.schemas.js';

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
export function toFlightView(flight: Flight, availability: KnownAvailability): FlightAnswer {
  const { code, name } = airlineOf(flight.airlineCode);
  return {
    flight_id: flight.flightId,
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

/** A flight as customers see it when nobody was asked about its seats. */
export const toStoredFlightView = (flight: Flight): FlightAnswer =>
  toFlightView(flight, { seats: seatsOf(flight), live: false });

/** A flight as the other services are told of it. */
export function toFlightDetailView(flight: Flight): FlightDetail {
  const { code, name, accountingCode } = airlineOf(flight.airlineCode);
  return {
    flight_id: flight.flightId,
    flight_number: flight.flightNumber,
    airline: { code, name, accounting_code: accountingCode },
    source: toStopView(flight.sourceCode, flight.sourceTerminal),
    destination: toStopView(flight.destinationCode, flight.destinationTerminal),
    ...timesOf(flight),
    aircraft_type: flight.aircraftType,
    status: flight.status,
    fares: breakdownsOf(flight),
  };
}

function toStopView(code: string, terminal: string | undefined): FlightStop {
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

/** A flight as an admin describes it. */
export const toNewFlight = (request: NewFlightRequest): NewFlight => ({
  flightNumber: request.flight_number,
  airlineCode: request.airline,
  sourceCode: request.source,
  destinationCode: request.destination,
  sourceTerminal: request.source_terminal,
  destinationTerminal: request.destination_terminal,
  departureAt: new Date(request.departure_time),
  arrivalAt: new Date(request.arrival_time),
  aircraftType: request.aircraft_type,
  economyFare: toCabinFare(request.fares.economy),
  businessFare: request.fares.business === undefined ? undefined : toCabinFare(request.fares.business),
});

const toCabinFare = ({
  base_fare: base,
  fuel_surcharge: fuel,
}: NewFlightRequest['fares']['economy']): CabinFare => ({
  baseFarePaise: rupeesToPaise(base),
  fuelSurchargePaise: rupeesToPaise(fuel),
});
