import type { TimelineFact } from '@flight-booking/contracts';
import {
  flightIdsOf,
  type Reservation,
  type ReservationHistory,
  type ReservationStep,
} from '../reservations/reservation.js';
import type { SeatOnFlight } from '../seats/seat.js';

/** What became of a booking's seats, from the lock that they were in before. */
export const toTimelineFacts = ({ reservation, steps }: ReservationHistory): TimelineFact[] => [
  lockFact(reservation),
  ...steps.map((step) => ({ at: step.at, ...wordsOf(step, wordsFor(reservation.seats)) })),
];

const lockFact = ({ seats, lockId, lockedAt, lockedUntil }: Reservation): TimelineFact => ({
  at: lockedAt,
  event: 'seats.locked',
  detail: `Lock ${lockId} of ${wordsFor(seats)}, until ${lockedUntil?.toISOString()}.`,
  cause: 'customer',
});

function wordsOf({ status, expiresAt, releasedBecause }: ReservationStep, seats: string) {
  switch (status) {
    case 'RESERVED': {
      const until = expiresAt === null ? '' : `, until ${expiresAt.toISOString()}`;
      return { event: 'seats.reserved', detail: `Reserved ${seats}${until}.`, cause: 'booking-service' };
    }
    case 'SOLD':
      return {
        event: 'seats.sold',
        detail: `Sold ${seats}.`,
        cause: 'booking-service: the booking is paid',
      };
    case 'RELEASED':
      return releasedBecause === 'expired'
        ? { event: 'seats.expired', detail: `Freed ${seats}.`, cause: 'seat-service: nobody paid in time' }
        : {
            event: 'seats.released',
            detail: `Freed ${seats}.`,
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
