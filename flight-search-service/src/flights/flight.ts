import type { AircraftType, Cabin, SeatsByCabin } from '@flight-booking/contracts';
import type { AirportCharges, CabinFare } from './fare.js';

/** The longest that anybody sells ahead. */
export const DAYS_ON_SALE = 730;

/** What a flight offers in one cabin. */
export interface FlightCabin {
  readonly cabin: Cabin;
  readonly fare: CabinFare;
  readonly capacity: number;
  /** Free seats, as seat-service last told. */
  readonly available: number;
}

/** Who flies from where to where with what: the same on every day that a schedule is flown. */
export interface FlightPattern {
  /** Designator and number, such as `6E 2045`. */
  readonly flightNumber: string;
  readonly airlineCode: string;
  readonly sourceCode: string;
  readonly destinationCode: string;
  readonly sourceTerminal: string | undefined;
  readonly destinationTerminal: string | undefined;
  readonly aircraftType: AircraftType;
}

/** A flight that does not exist yet. */
export interface NewFlight extends FlightPattern {
  readonly departureAt: Date;
  readonly arrivalAt: Date;
  readonly economyFare: CabinFare;
  /** Present exactly where the aircraft has the cabin. */
  readonly businessFare: CabinFare | undefined;
}

/** One flight on one day. */
export interface Flight extends FlightPattern {
  readonly flightId: number;
  readonly departureAt: Date;
  readonly arrivalAt: Date;
  readonly status: 'SCHEDULED' | 'CANCELLED';
  readonly cancelReason: string | undefined;
  readonly charges: AirportCharges;
  /** Economy first; a cabin that the aircraft lacks is absent. */
  readonly cabins: readonly FlightCabin[];
}

/** Free seats of a flight, and whether they were counted just now. */
export interface KnownAvailability {
  readonly seats: SeatsByCabin;
  readonly live: boolean;
}

/** Free seats by cabin, as seat-service last told. */
export const seatsOf = (flight: Flight): SeatsByCabin =>
  Object.fromEntries(flight.cabins.map(({ cabin, available }) => [cabin, available]));
