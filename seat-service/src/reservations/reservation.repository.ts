import { addJobSql, addJobValues, type Queries } from '@flight-booking/platform';
import { expireReservation } from './reservation.jobs.js';
import type { Reservation, ReservationStatus, ReservationStep } from './reservation.js';

const COLUMNS = `
  booking_id as "bookingId", user_id as "userId", status, seats, expires_at as "expiresAt",
  coalesce(expires_at <= now(), false) as "hasExpired", released_because as "releasedBecause",
  lock_id as "lockId", locked_at as "lockedAt", locked_until as "lockedUntil"`;

const FIND = {
  name: 'find-reservation',
  text: `select ${COLUMNS} from reservations where booking_id = $1`,
};

const LOCK = {
  name: 'lock-reservation',
  text: `select ${COLUMNS} from reservations where booking_id = $1 for update`,
};

/** One that is released or whose time is over is not waited for: it is no row of this. */
const LOCK_IN_TIME = {
  name: 'lock-reservation-in-time',
  text: `
    select ${COLUMNS} from reservations where booking_id = $1 and (status = 'SOLD' or expires_at > now())
    for update`,
};

const INSERT = `
  insert into reservations (
    booking_id, user_id, status, seats, expires_at, released_because, lock_id, locked_at, locked_until
  )
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (booking_id) do nothing`;

const ADD = { name: 'add-reservation', text: INSERT };

const BEGIN = {
  name: 'begin-reservation',
  text: `
    with begun as (${INSERT} returning booking_id)
    select booking_id from begun
    cross join lateral ${addJobSql(`json_build_object('booking_id', booking_id)`, 10)}`,
};

const MOVE = {
  name: 'move-reservation',
  text: `
    update reservations
    set status = $2, released_because = $3, updated_at = now(),
        expires_at = case when $2 = 'RESERVED' then expires_at end
    where booking_id = $1`,
};

/** What bookings have of seats, as a whole. */
export class ReservationRepository {
  async find(queries: Queries, bookingId: number): Promise<Reservation | undefined> {
    return queries.maybeRow<Reservation>(FIND, [bookingId]);
  }

  /** The reservation, kept from changing until the transaction ends. */
  async lock(tx: Queries, bookingId: number): Promise<Reservation | undefined> {
    return tx.maybeRow<Reservation>(LOCK, [bookingId]);
  }

  /** The same of one that is sold or still has time; undefined for any other. */
  async lockInTime(tx: Queries, bookingId: number): Promise<Reservation | undefined> {
    return tx.maybeRow<Reservation>(LOCK_IN_TIME, [bookingId]);
  }

  /** Adds a reservation unless the booking has one. Returns whether it was added. */
  async add(tx: Queries, reservation: Reservation): Promise<boolean> {
    return (await tx.execute(ADD, valuesOf(reservation))) === 1;
  }

  /** The same of a reservation that ends, with the job that frees its seats then. */
  async begin(tx: Queries, reservation: Reservation, expiresAt: Date): Promise<boolean> {
    const job = addJobValues(expireReservation, { runAt: expiresAt });
    return (await tx.execute(BEGIN, [...valuesOf(reservation), ...job])) === 1;
  }

  /** What became of a reservation, the oldest first; a trigger writes it. */
  async steps(queries: Queries, bookingId: number): Promise<ReservationStep[]> {
    return queries.rows<ReservationStep>(
      `select status, released_because as "releasedBecause", expires_at as "expiresAt", recorded_at as "at"
       from reservation_history where booking_id = $1 order by version`,
      [bookingId],
    );
  }

  async move(
    tx: Queries,
    bookingId: number,
    status: ReservationStatus,
    releasedBecause: Reservation['releasedBecause'] = null,
  ): Promise<void> {
    await tx.execute(MOVE, [bookingId, status, releasedBecause]);
  }
}

const valuesOf = (reservation: Reservation): unknown[] => {
  const { bookingId, userId, status, seats, expiresAt, releasedBecause } = reservation;
  const { lockId, lockedAt, lockedUntil } = reservation;
  const seatsText = JSON.stringify(seats);
  return [bookingId, userId, status, seatsText, expiresAt, releasedBecause, lockId, lockedAt, lockedUntil];
};
