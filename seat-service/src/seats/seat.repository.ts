import type { AircraftType, Cabin } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { SeatOnFlight, TakenSeatsOfFlight } from './seat.js';

const TAKEN = {
  name: 'taken-seats',
  text: `
    select aircraft_type as "aircraftType", flights.version, coalesce(json_agg(json_build_object(
             'seatNumber', seat_number, 'cabin', cabin,
             'expiresAtMs', floor(extract(epoch from seats.expires_at) * 1000)
           )) filter (where seat_number is not null), '[]') as seats
    from flights left join seats
      on seats.flight_id = flights.flight_id and (seats.expires_at is null or seats.expires_at > now())
    where flights.flight_id = $1
    group by flights.flight_id`,
};

/** A seat of a flight, by its name. */
export type NumberedSeat = Pick<SeatOnFlight, 'flightId' | 'seatNumber'>;

/** Takes the seats that are free or whose reservation has expired; the caller compares how many that were. */
const TAKE = {
  name: 'take-seats',
  text: `
    insert into seats (flight_id, seat_number, cabin, status, booking_id, expires_at)
    select flight_id, seat_number, cabin, $2, $1, $3
    from jsonb_to_recordset($4) as wanted (flight_id bigint, seat_number text, cabin text)
    order by flight_id, seat_number
    on conflict on constraint seats_pkey do update
      set cabin = excluded.cabin, status = excluded.status, booking_id = excluded.booking_id, expires_at = excluded.expires_at
      where seats.booking_id = excluded.booking_id or (seats.status = 'RESERVED' and seats.expires_at <= now())
    returning flight_id as "flightId", seat_number as "seatNumber"`,
};

const UNPAID = {
  name: 'unpaid-seats-of-user',
  text: `
    select seats.flight_id as "flightId", count(*)::int as reserved
    from seats join reservations using (booking_id)
    where reservations.user_id = $1 and seats.flight_id = any($2)
      and seats.status = 'RESERVED' and seats.expires_at > now()
    group by seats.flight_id`,
};

/** The seats that are not free. */
export class SeatRepository {
  /** @throws Error when the flight is not known here */
  async taken(queries: Queries, flightId: number): Promise<TakenSeatsOfFlight> {
    const { seats, ...flight } = await queries.row<{
      aircraftType: AircraftType;
      version: number;
      seats: { seatNumber: string; cabin: Cabin; expiresAtMs: number | null }[];
    }>(TAKEN, [flightId]);
    return {
      ...flight,
      seats: seats.map(({ seatNumber, cabin, expiresAtMs }) => ({
        seatNumber,
        cabin,
        expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs),
      })),
    };
  }

  /** Takes seats for a booking. Returns those that it got, which may be fewer than it wanted. */
  async take(
    tx: Queries,
    bookingId: number,
    seats: readonly SeatOnFlight[],
    expiresAt: Date | null,
  ): Promise<NumberedSeat[]> {
    const wanted = seats.map(({ flightId, seatNumber, cabin }) => ({
      flight_id: flightId,
      seat_number: seatNumber,
      cabin,
    }));
    const status = expiresAt === null ? 'SOLD' : 'RESERVED';
    return tx.rows(TAKE, [bookingId, status, expiresAt, JSON.stringify(wanted)]);
  }

  /**
   * How many seats of each flight the customer's bookings have reserved and not paid. Exact for flights that the
   * transaction has locked, for nobody else reserves their seats meanwhile.
   */
  async unpaid(
    tx: Queries,
    userId: number,
    flightIds: readonly number[],
  ): Promise<{ flightId: number; reserved: number }[]> {
    return tx.rows(UNPAID, [userId, flightIds]);
  }

  /** Frees every seat that a booking still has, and returns them. */
  async free(tx: Queries, bookingId: number): Promise<NumberedSeat[]> {
    return tx.rows(
      'delete from seats where booking_id = $1 returning flight_id as "flightId", seat_number as "seatNumber"',
      [bookingId],
    );
  }
}
