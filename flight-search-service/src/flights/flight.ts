import type { AircraftType, Cabin } from '@flight-booking/contracts';
import type { AirportCharges, CabinFare } from './fare.js';

/** What a flight offers in one cabin. */
export interface FlightCabin {
  readonly cabin: Cabin;
  readonly fare: CabinFare;
  readonly capacity: number;
  /** Free seats, as seat-service last told. */
  readonly available: number;
}

/** A flight that does not exist yet. */
export interface NewFlight {
  /** Designator and number, such as `6E 2045`. */
  readonly flightNumber: string;
  readonly airlineCode: string;
  readonly sourceCode: string;
  readonly destinationCode: string;
  readonly sourceTerminal: string | undefined;
  readonly destinationTerminal: string | undefined;
  readonly departureAt: Date;
  readonly arrivalAt: Date;
  readonly aircraftType: AircraftType;
  readonly economyFare: CabinFare;
  /** Present exactly where the aircraft has the cabin. */
  readonly businessFare: CabinFare | undefined;
}

/** One flight on one day. */
export interface Flight {
  readonly id: number;
  readonly flightNumber: string;
  readonly airlineCode: string;
  readonly sourceCode: string;
  readonly destinationCode: string;
  readonly sourceTerminal: string | undefined;
  readonly destinationTerminal: string | undefined;
  readonly departureAt: Date;
  readonly arrivalAt: Date;
  readonly aircraftType: AircraftType;
  readonly status: 'SCHEDULED' | 'CANCELLED';
  readonly cancelReason: string | undefined;
  readonly charges: AirportCharges;
  /** Economy first; a cabin that the aircraft lacks is absent. */
  readonly cabins: readonly FlightCabin[];
}
