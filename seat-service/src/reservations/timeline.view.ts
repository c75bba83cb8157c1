import type { TimelineEntry, TimelinePart } from '@flight-booking/contracts';
import type { SeatOnFlight } from '../seats/seat.js';
import {
  flightIdsOf,
  type Reservation,
  type ReservationHistory,
  type ReservationStep,
} from './reservation.js';

/** The timeline of a booking's seats; a booking that was never heard of has an empty one. */
export function toTimelineView(history: ReservationHistory | undefined): TimelinePart {
  if (history === undefined) return { entries: [] };
  const { reservation, steps } = history;
  return { entries: [...lockEntries(reservation), ...steps.map((step) => stepEntry(reservation, step))] };
}

function lockEntries({ seats, lockId, lockedAt, lockedUntil }: Reservation): TimelineEntry[] {
  if (lockedAt === null || lockedUntil === null) return [];
  const detail = `Lock ${lockId} of ${wordsFor(seats)}, until ${lockedUntil.toISOString()}.`;
  return [{ at: lockedAt.toISOString(), event: 'seats.locked', detail, cause: 'customer' }];
}

function stepEntry({ seats }: Reservation, step: ReservationStep): TimelineEntry {
  const at = step.at.toISOString();
  const named = wordsFor(seats);
  switch (step.status) {
    case 'RESERVED': {
      const until = step.expiresAt === null ? '' : `, until ${step.expiresAt.toISOString()}`;
      return { at, event: 'seats.reserved', detail: `Reserved ${named}${until}.`, cause: 'booking-service' };
    }
    case 'SOLD':
      return {
        at,
        event: 'seats.sold',
        detail: `Sold ${named}.`,
        cause: 'booking-service: the booking is paid',
      };
    case 'RELEASED':
      return step.releasedBecause === 'expired'
        ? {
            at,
            event: 'seats.expired',
            detail: `Freed ${named}.`,
            cause: 'seat-service: nobody paid in time',
          }
        : {
            at,
            event: 'seats.released',
            detail: `Freed ${named}.`,
            cause: 'booking-service: the booking ended',
          };
  }
}

function wordsFor(seats: readonly SeatOnFlight[]): string {
  if (seats.length === 0) return 'no seats, for none were reserved yet';
  const byFlight = flightIdsOf(seats).map((flightId) => {
    const numbers = seats.filter((seat) => seat.flightId === flightId).map(({ seatNumber }) => seatNumber);
    return `${numbers.join(', ')} of flight ${flightId}`;
  });
  return byFlight.join(' and ');
}
