import type { AircraftType } from '@flight-booking/contracts';
import { FlightCancelled, FlightDeparted } from './flight.errors.js';

/** A flight as seat-service knows it. */
export interface Flight {
  readonly flightId: number;
  readonly aircraftType: AircraftType;
  readonly status: 'SCHEDULED' | 'CANCELLED';
  /** Whether it has left by the database's clock, the one that decides about seats. */
  readonly hasDeparted: boolean;
}

/** A flight as flight-search tells it. */
export interface NewFlight extends Omit<Flight, 'hasDeparted'> {
  readonly departureAt: Date;
}

/** @throws FlightCancelled | FlightDeparted when nobody can fly on it any more */
export function requireBookable({ flightId, status, hasDeparted }: Flight): void {
  if (status === 'CANCELLED') throw new FlightCancelled(flightId);
  if (hasDeparted) throw new FlightDeparted(flightId);
}
