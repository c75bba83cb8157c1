import {
  fareBrand,
  type Cabin,
  type FlightDetail,
  type FlightStop,
  offeredFareOf,
  paiseToMoney,
  rupeesToPaise,
} from '@flight-booking/contracts';
import { airlineOf } from '../airlines/airline.js';
import { airportOf } from '../airports/airport-directory.js';
import { epochMinuteOf, localIso } from '../airports/airport-time.js';
import type { CabinFare } from './fare.js';
import type { FareChange } from './fare-change.js';
import type { FareRules } from './fare-rules.js';
import { type Flight, type KnownAvailability, type NewFlight, seatsOf } from './flight.js';
import type { BrandConditions, FareChangeView, FlightAnswer, NewFlightRequest } from './flight.schemas.js';

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
export function toFlightView(
  flight: Flight,
  availability: KnownAvailability,
  rules: FareRules,
): FlightAnswer {
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
    fares: rules.breakdownsOf(flight).map((fare) => offeredFareOf(flight.flightId, fare)),
    fare_conditions: flight.cabins.flatMap(({ cabin }) => toBrandConditions(cabin, rules)),
    available_seats: availability.seats,
    availability: availability.live ? 'live' : 'recent',
  };
}

/** A flight as customers see it when nobody was asked about its seats. */
export const toStoredFlightView = (flight: Flight, rules: FareRules): FlightAnswer =>
  toFlightView(flight, { seats: seatsOf(flight), live: false }, rules);

/** What each brand allows and includes in a cabin. */
export const toBrandConditions = (cabin: Cabin, rules: FareRules): BrandConditions[] =>
  fareBrand.options.map((brand) => ({ cabin, brand, ...rules.conditionsOf(cabin, brand) }));

/** A flight as the other services are told of it. */
export function toFlightDetailView(flight: Flight, rules: FareRules): FlightDetail {
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
    fares: rules.breakdownsOf(flight).map((fare) => ({
      ...fare,
      conditions: rules.conditionsOf(fare.cabin, fare.brand),
    })),
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

/** A change of a fare as admins see it. */
export const toFareChangeView = (change: FareChange): FareChangeView => ({
  fare_change_id: change.fareChangeId,
  cabin: change.cabin,
  before: toFareBeforeTax(change.before),
  after: toFareBeforeTax(change.after),
  changed_by: change.changedBy,
  changed_at: change.changedAt.toISOString(),
});

const toFareBeforeTax = ({ baseFarePaise, fuelSurchargePaise }: CabinFare): FareChangeView['before'] => ({
  base_fare: paiseToMoney(baseFarePaise),
  fuel_surcharge: paiseToMoney(fuelSurchargePaise),
});

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

/** A fare as an admin sets it. */
export const toCabinFare = ({
  base_fare: base,
  fuel_surcharge: fuel,
}: NewFlightRequest['fares']['economy']): CabinFare => ({
  baseFarePaise: rupeesToPaise(base),
  fuelSurchargePaise: rupeesToPaise(fuel),
});
