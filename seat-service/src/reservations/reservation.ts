import type { Cabin } from '@flight-booking/contracts';
import type { SeatOnFlight } from '../seats/seat.js';

/**
 * The seats of one booking. `RESERVED` ends at `expiresAt` unless the booking is paid; a reservation that was
 * released by expiry may still be sold to its booking when the payment comes late and the seats are free.
 */
const MOVES = {
  RESERVED: ['SOLD', 'RELEASED'],
  SOLD: ['RELEASED'],
  RELEASED: ['SOLD'],
} as const satisfies Record<string, readonly string[]>;

/** See {@link Reservation}. */
export type ReservationStatus = keyof typeof MOVES;

/** Why seats were released: time ran out, or the booking gave them back for good. */
export type ReleaseReason = 'expired' | 'given_back';

/** What seat-service keeps of a booking. */
export interface Reservation {
  readonly bookingId: number;
  /** Null for a booking that was released before it had reserved anything. */
  readonly userId: number | null;
  readonly status: ReservationStatus;
  readonly seats: readonly SeatOnFlight[];
  readonly expiresAt: Date | null;
  /** Whether that is past by the database's clock, which also runs the jobs and hands expired seats on. */
  readonly hasExpired: boolean;
  readonly releasedBecause: ReleaseReason | null;
  /** The lock that became this reservation, and from when to when it was held; null where that is not known. */
  readonly lockId: number | null;
  readonly lockedAt: Date | null;
  readonly lockedUntil: Date | null;
}

/** Something that became of a reservation, with what it was from then on. */
export interface ReservationStep {
  readonly status: ReservationStatus;
  readonly releasedBecause: ReleaseReason | null;
  readonly expiresAt: Date | null;
  readonly at: Date;
}

/** A reservation and everything that became of it, the oldest first. */
export interface ReservationHistory {
  readonly reservation: Reservation;
  readonly steps: readonly ReservationStep[];
}

/** What a booking asks for: a lock of its customer, turned into seats that are its own until an instant. */
export interface ReservationWish {
  readonly userId: number;
  readonly flightIds: readonly number[];
  readonly seatsPerFlight: number;
  /** Which lock to take; without it, the customer's live lock that fits. */
  readonly lockId: number | undefined;
  /** The cabins that may be taken, by flight: those whose fares were agreed. A flight that is not named has any. */
  readonly cabins: ReadonlyMap<number, readonly Cabin[]>;
  readonly expiresAt: Date;
}

/** Whether a booking may have a seat, by its cabin. */
export const mayHave = ({ cabins }: ReservationWish, { flightId, cabin }: SeatOnFlight): boolean =>
  cabins.get(flightId)?.includes(cabin) ?? true;

/** Whether its seats are kept for an unpaid booking, so that nobody else may even lock them. */
export const awaitsPayment = ({ status, hasExpired }: Reservation): boolean =>
  status === 'RESERVED' && !hasExpired;

/** Whether a reservation may become `to`. Seats that were given back for good are never sold again. */
export function mayBecome(reservation: Reservation, to: ReservationStatus): boolean {
  if (reservation.status === 'RELEASED' && reservation.releasedBecause === 'given_back') return false;
  return (MOVES[reservation.status] as readonly string[]).includes(to);
}

/** The mark of a booking that ended before it had reserved anything: what arrives for it later is refused. */
export const neverReserved = (bookingId: number): Reservation => ({
  bookingId,
  userId: null,
  status: 'RELEASED',
  seats: [],
  expiresAt: null,
  hasExpired: false,
  releasedBecause: 'given_back',
  lockId: null,
  lockedAt: null,
  lockedUntil: null,
});

/** The flights of a reservation, each once. */
export const flightIdsOf = (seats: readonly SeatOnFlight[]): number[] => [
  ...new Set(seats.map(({ flightId }) => flightId)),
];
