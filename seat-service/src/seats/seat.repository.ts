import type { Cabin } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { SeatOnFlight } from './seat.js';
import type { Reservation, ReservationStatus } from './reservation.js';

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

const TAKEN = {
  name: 'taken-seats',
  text: `
    select flights.version, coalesce(json_agg(json_build_object(
             'seatNumber', seat_number, 'cabin', cabin,
             'expiresAtMs', floor(extract(epoch from seats.expires_at) * 1000)
           )) filter (where seat_number is not null), '[]') as seats
    from flights left join seats
      on seats.flight_id = flights.flight_id and (seats.expires_at is null or seats.expires_at > now())
    where flights.flight_id = $1
    group by flights.flight_id`,
};

/** Takes the seats that are free or whose reservation has expired; the caller compares how many that were. */
const TAKE = {
  name: 'take-seats',
  text: `
    insert into seats (flight_id, seat_number, cabin, status, booking_id, expires_at)
    select flight_id, seat_number, cabin, $2, $1, $3
    from jsonb_to_recordset($4) as wanted (flight_id bigint, seat_number text, cabin text)
    order by flight_id, seat_number
    on conflict on constraint seats_flight_seat_unique do update
      set cabin = excluded.cabin, status = excluded.status, booking_id = excluded.booking_id, expires_at = excluded.expires_at
      where seats.booking_id = excluded.booking_id or (seats.status = 'RESERVED' and seats.expires_at <= now())
    returning flight_id as "flightId", seat_number as "seatNumber"`,
};

const RESERVATION_COLUMNS = `
  booking_id as "bookingId", user_id as "userId", status, seats, expires_at as "expiresAt",
  coalesce(expires_at <= now(), false) as "hasExpired", released_because as "releasedBecause"`;

/** The seats of bookings, and the reservations that hold them together. */
export class SeatRepository {
  async taken(queries: Queries, flightId: number): Promise<TakenSeats> {
    const row = await queries.maybeRow<{
      version: number;
      seats: { seatNumber: string; cabin: Cabin; expiresAtMs: number | null }[];
    }>(TAKEN, [flightId]);
    return {
      version: row?.version ?? 0,
      seats: (row?.seats ?? []).map(({ seatNumber, cabin, expiresAtMs }) => ({
        seatNumber,
        cabin,
        expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs),
      })),
    };
  }

  async reservation(queries: Queries, bookingId: number): Promise<Reservation | undefined> {
    return queries.maybeRow<Reservation>(
      `select ${RESERVATION_COLUMNS} from reservations where booking_id = $1`,
      [bookingId],
    );
  }

  async reservationForUpdate(tx: Queries, bookingId: number): Promise<Reservation | undefined> {
    return tx.maybeRow<Reservation>(
      `select ${RESERVATION_COLUMNS} from reservations where booking_id = $1 for update`,
      [bookingId],
    );
  }

  /** Adds a reservation unless the booking has one. Returns whether it was added. */
  async addReservation(tx: Queries, reservation: Reservation): Promise<boolean> {
    const { bookingId, userId, status, seats, expiresAt, releasedBecause } = reservation;
    const added = await tx.execute(
      `insert into reservations (booking_id, user_id, status, seats, expires_at, released_because)
       values ($1, $2, $3, $4, $5, $6) on conflict (booking_id) do nothing`,
      [bookingId, userId, status, JSON.stringify(seats), expiresAt, releasedBecause],
    );
    return added === 1;
  }

  async moveReservation(
    tx: Queries,
    bookingId: number,
    status: ReservationStatus,
    releasedBecause: Reservation['releasedBecause'] = null,
  ): Promise<void> {
    await tx.execute(
      `update reservations
       set status = $2, released_because = $3, updated_at = now(),
           expires_at = case when $2 = 'RESERVED' then expires_at end
       where booking_id = $1`,
      [bookingId, status, releasedBecause],
    );
  }

  /** Takes seats for a booking. Returns those that it got, which may be fewer than it wanted. */
  async take(
    tx: Queries,
    bookingId: number,
    seats: readonly SeatOnFlight[],
    expiresAt: Date | null,
  ): Promise<{ flightId: number; seatNumber: string }[]> {
    const wanted = seats.map(({ flightId, seatNumber, cabin }) => ({
      flight_id: flightId,
      seat_number: seatNumber,
      cabin,
    }));
    const status = expiresAt === null ? 'SOLD' : 'RESERVED';
    return tx.rows(TAKE, [bookingId, status, expiresAt, JSON.stringify(wanted)]);
  }

  /** Frees every seat of a booking. Returns those that were freed. */
  async free(tx: Queries, bookingId: number): Promise<{ flightId: number; seatNumber: string }[]> {
    return tx.rows(
      `delete from seats where booking_id = $1 returning flight_id as "flightId", seat_number as "seatNumber"`,
      [bookingId],
    );
  }
}
