import {
  AIRCRAFT_LAYOUTS,
  MAX_SEATS_PER_BOOKING,
  seatNumbersOf,
  type AircraftType,
  type Cabin,
  type CabinLayout,
} from '@flight-booking/contracts';

/** Most seats of one flight that a customer may have locked at once, over all their locks. */
export const MAX_LOCKED_SEATS_PER_USER = MAX_SEATS_PER_BOOKING;

/** A seat on a flight. */
export interface SeatOnFlight {
  readonly flightId: number;
  readonly seatNumber: string;
  readonly cabin: Cabin;
}

/** What a seat of the map can be. */
export type SeatStatus = 'available' | 'locked' | 'reserved' | 'sold';

/** Seats of one flight that a lock holds. */
export interface LockedSeats {
  readonly flightId: number;
  readonly seatNumbers: readonly string[];
}

/** Seats that a customer holds for a short while before booking them. */
export interface SeatLock {
  readonly lockId: number;
  readonly userId: number;
  readonly flights: readonly LockedSeats[];
  readonly expiresAt: Date;
}

/** The cabin of every seat of an aircraft type, by seat number. */
export function cabinsBySeat(type: AircraftType): ReadonlyMap<string, Cabin> {
  const cabins: Cabin[] = ['economy', 'business'];
  return new Map(
    cabins.flatMap((cabin) => seatNumbersOf(type, cabin).map((seat): [string, Cabin] => [seat, cabin])),
  );
}

/** The blocks of rows of a cabin. */
export const layoutsOf = (type: AircraftType, cabin: Cabin): readonly CabinLayout[] =>
  (AIRCRAFT_LAYOUTS[type] as readonly CabinLayout[]).filter((layout) => layout.cabin === cabin);
