import {
  AIRCRAFT_LAYOUTS,
  cabin,
  MAX_SEATS_PER_BOOKING,
  seatNumbersOf,
  type AircraftType,
  type Cabin,
  type CabinLayout,
  type SeatsByCabin,
} from '@flight-booking/contracts';

/** Most seats of one flight that a customer may have locked at once, over all their locks. */
export const MAX_LOCKED_SEATS_PER_USER = MAX_SEATS_PER_BOOKING;

/**
 * Most seats of one flight that a customer may have reserved at once without having paid, over all their bookings. One
 * account could keep a whole aircraft from everybody else otherwise, a lock's worth at a time.
 */
export const MAX_UNPAID_SEATS_PER_USER = MAX_SEATS_PER_BOOKING;

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

/** What a customer wants of one flight: these seats, or the best that lie together. */
export type SeatWish =
  { readonly seatNumbers: readonly string[] } | { readonly count: number; readonly cabin: Cabin };

/** A seat that somebody holds for now. */
export interface LiveLock {
  readonly seatNumber: string;
  readonly lockId: number;
  readonly userId: number;
}

/** A seat that is not free: sold, or reserved until `expiresAt`. */
export interface TakenSeat {
  readonly seatNumber: string;
  readonly cabin: Cabin;
  readonly expiresAt: Date | null;
}

/** The taken seats of a flight as of one of its changes. */
export interface TakenSeats {
  readonly version: number;
  readonly seats: readonly TakenSeat[];
}

/** The same with what aircraft they are seats of. */
export interface TakenSeatsOfFlight extends TakenSeats {
  readonly aircraftType: AircraftType;
}

/** A seat that became taken until an instant, was sold for good, or became free. */
export interface SeatChange {
  readonly seatNumber: string;
  readonly taken: Date | 'sold' | 'free';
}

/** Seats that a customer holds for a short while before booking them. */
export interface SeatLock {
  readonly lockId: number;
  readonly userId: number;
  readonly flights: readonly LockedSeats[];
  readonly lockedAt: Date;
  readonly expiresAt: Date;
  /** What time it is by the clock that ends the lock. */
  readonly now: Date;
}

/** From when to when a lock is held, by the clock of Redis. */
export interface LockSpan {
  readonly lockedAt: Date;
  readonly expiresAt: Date;
}

/** A live lock that was found by its seats. Redis may have lost what it knew of its time. */
export interface HeldLock {
  readonly lockId: number;
  readonly flights: readonly LockedSeats[];
  readonly span: LockSpan | undefined;
}

/** The cabin of every seat of an aircraft type, by seat number. */
export function cabinsBySeat(type: AircraftType): ReadonlyMap<string, Cabin> {
  return new Map(
    cabin.options.flatMap((name) => seatNumbersOf(type, name).map((seat): [string, Cabin] => [seat, name])),
  );
}

/** The cabin of a seat. @throws RangeError when the aircraft has no such seat */
export function cabinOf(type: AircraftType, seatNumber: string): Cabin {
  const cabin = cabinsBySeat(type).get(seatNumber);
  if (cabin === undefined) throw new RangeError(`The ${type} has no seat ${seatNumber}.`);
  return cabin;
}

/** Free seats by cabin, given those that are not free. */
export function countFree(
  type: AircraftType,
  taken: readonly { readonly seatNumber: string }[],
): SeatsByCabin {
  const unavailable = new Set(taken.map(({ seatNumber }) => seatNumber));
  const free: Partial<Record<Cabin, number>> = {};
  for (const [seat, cabin] of cabinsBySeat(type))
    free[cabin] = (free[cabin] ?? 0) + (unavailable.has(seat) ? 0 : 1);
  return free;
}

/** The blocks of rows of a cabin. */
export const layoutsOf = (type: AircraftType, cabin: Cabin): readonly CabinLayout[] =>
  (AIRCRAFT_LAYOUTS[type] as readonly CabinLayout[]).filter((layout) => layout.cabin === cabin);
