import type { AircraftType } from '@flight-booking/contracts';
import { FlightCancelled, FlightDeparted } from './flight.errors.js';

/** A flight as seat-service knows it. */
export interface Flight {
  readonly flightId: number;
  readonly aircraftType: AircraftType;
  readonly departureAt: Date;
  readonly status: 'SCHEDULED' | 'CANCELLED';
}

/** @throws FlightCancelled | FlightDeparted when nobody can fly on it any more */
export function requireBookable(flight: Flight, now: Date): void {
  if (flight.status === 'CANCELLED') throw new FlightCancelled(flight.flightId);
  if (flight.departureAt <= now) throw new FlightDeparted(flight.flightId);
}
