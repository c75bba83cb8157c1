import {
  AIRCRAFT_LAYOUTS,
  cabin,
  capacityOf,
  seatNumbersOf,
  type AircraftType,
} from '@flight-booking/contracts';
import type { Invariant } from '../invariant.js';

const TYPES = Object.keys(AIRCRAFT_LAYOUTS) as AircraftType[];

/** Every seat that exists, as a table `map (type, cabin, seat)`. The names hold no quotes. */
const SEAT_MAP = `jsonb_to_recordset('${JSON.stringify(
  TYPES.flatMap((type) =>
    cabin.options.flatMap((name) => seatNumbersOf(type, name).map((seat) => ({ type, cabin: name, seat }))),
  ),
)}') as map (type text, cabin text, seat text)`;

/** How many seats each type has, as a table `room (type, economy, business)`. */
const CAPACITIES = `jsonb_to_recordset('${JSON.stringify(
  TYPES.map((type) => ({
    type,
    economy: capacityOf(type, 'economy'),
    business: capacityOf(type, 'business'),
  })),
)}') as room (type text, economy integer, business integer)`;

/** What a live claim is: sold, or reserved for a time that is not over. */
const LIVE = `(s.status = 'SOLD' or s.expires_at > now())`;

/** Who sits where. */
export const SEAT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I1',
    statement: 'A seat of a flight has one owner at most',
    when: 'always',
    check: {
      database: 'seat-service',
      sql: `
        select format('flight %s seat %s: bookings %s', flight_id, seat_number, string_agg(booking_id::text, ', ')) as offender
        from seats group by flight_id, seat_number having count(*) > 1`,
    },
  },
  {
    id: 'I1b',
    statement: 'A seat is sold exactly when a paid booking has it',
    when: 'settled',
    check: {
      complete: 'both',
      left: {
        database: 'seat-service',
        sql: `
          select flight_id || '/' || seat_number as key, string_agg('booking ' || booking_id, ', ' order by booking_id) as value
          from seats where status = 'SOLD' group by flight_id, seat_number`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select s.flight_id || '/' || s.seat_number as key,
            string_agg('booking ' || booking_id, ', ' order by booking_id) as value
          from booking_seats s join bookings b using (booking_id)
          where b.status in ('CONFIRMED', 'TICKETED') group by s.flight_id, s.seat_number`,
      },
    },
  },
  {
    id: 'I1c',
    statement: 'The history of a seat has no second owner before the first one lost it',
    when: 'always',
    check: {
      database: 'seat-service',
      sql: `
        with steps as (
          select *, lag(event) over seat as before, lag(booking_id) over seat as before_booking,
            row_number() over seat as place
          from seat_history window seat as (partition by flight_id, seat_number order by version)
        )
        select format('flight %s seat %s, change %s: %s by booking %s after %s by booking %s', flight_id, seat_number,
          version, event, booking_id, coalesce(before, 'nothing'), coalesce(before_booking::text, 'nobody')) as offender
        from steps
        where version <> place or not case
          when event in ('EXPIRED', 'RELEASED') then before in ('RESERVED', 'SOLD') and before_booking = booking_id
          when coalesce(before, 'RELEASED') in ('EXPIRED', 'RELEASED') then true
          else event = 'SOLD' and before = 'RESERVED' and before_booking = booking_id
        end`,
    },
  },
  {
    id: 'I2',
    statement: 'An open coupon is for a seat that is sold to its booking',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'ticket-service',
        sql: `
          select c.flight_id || '/' || c.seat_number as key,
            string_agg('booking ' || t.booking_id, ', ' order by t.booking_id) as value
          from coupons c join ticket_numbers n using (ticket_number) join tickets t using (ticket_id)
          where c.status = 'OPEN' group by c.flight_id, c.seat_number`,
      },
      right: {
        database: 'seat-service',
        sql: `
          select flight_id || '/' || seat_number as key, string_agg('booking ' || booking_id, ', ') as value
          from seats where status = 'SOLD' group by flight_id, seat_number`,
      },
    },
  },
  {
    id: 'I3',
    statement: 'Every taken seat exists in the aircraft of its flight',
    when: 'always',
    check: {
      database: 'seat-service',
      sql: `
        select format('flight %s (%s) seat %s (%s)', s.flight_id, f.aircraft_type, s.seat_number, s.cabin) as offender
        from seats s join flights f using (flight_id)
        left join ${SEAT_MAP} on map.type = f.aircraft_type and map.seat = s.seat_number and map.cabin = s.cabin
        where map.seat is null`,
    },
  },
  {
    id: 'I3b',
    statement: 'Search shows as many free seats as nobody has',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'seat-service',
        sql: `
          select f.flight_id::text as key, format('%s economy, %s business',
            room.economy - count(*) filter (where s.cabin = 'economy' and ${LIVE}),
            room.business - count(*) filter (where s.cabin = 'business' and ${LIVE})) as value
          from flights f join ${CAPACITIES} on room.type = f.aircraft_type left join seats s using (flight_id)
          where f.version > 0 group by f.flight_id, room.economy, room.business`,
      },
      right: {
        database: 'flight-search-service',
        sql: `
          select flight_id::text as key, format('%s economy, %s business', economy_available, business_available) as value
          from flights`,
      },
    },
  },
  {
    id: 'I4',
    statement: 'No seat stays reserved when its time is over',
    when: 'settled',
    check: {
      database: 'seat-service',
      sql: `
        select format('booking %s, reserved until %s', booking_id, expires_at) as offender
        from reservations where status = 'RESERVED' and expires_at <= now()`,
    },
  },
  {
    id: 'I5',
    statement: 'A reservation has all of its seats',
    when: 'always',
    check: {
      database: 'seat-service',
      sql: `
        select format('booking %s (%s) lacks seat %s of flight %s', r.booking_id, r.status, w."seatNumber", w."flightId")
          as offender
        from reservations r cross join jsonb_to_recordset(r.seats) as w ("flightId" bigint, "seatNumber" text)
        left join seats s on s.flight_id = w."flightId" and s.seat_number = w."seatNumber"
          and s.booking_id = r.booking_id and s.status = r.status
        where (r.status = 'SOLD' or (r.status = 'RESERVED' and r.expires_at > now())) and s.booking_id is null`,
    },
  },
  {
    id: 'I6',
    statement: 'A reservation that was released has no seat, and no seat is taken without one that names it',
    when: 'always',
    check: {
      database: 'seat-service',
      sql: `
        select format('flight %s seat %s: booking %s, whose reservation is %s',
          s.flight_id, s.seat_number, s.booking_id, coalesce(r.status, 'missing')) as offender
        from seats s left join reservations r using (booking_id)
        where r.status is distinct from s.status or not r.seats @> jsonb_build_array(
          jsonb_build_object('flightId', s.flight_id, 'seatNumber', s.seat_number))`,
    },
  },
  {
    id: 'I6b',
    statement: 'A booking that is cancelled or expired has no seat',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'seat-service',
        sql: `select distinct s.booking_id::text as key, 'a live booking' as value from seats s where ${LIVE}`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, 'a live booking' as value from bookings
          where status in ('CREATED', 'PENDING', 'CONFIRMED', 'TICKETED')`,
      },
    },
  },
  {
    id: 'I7',
    statement: 'A seat is taken exactly when its history ends with somebody taking it',
    when: 'always',
    check: {
      database: 'seat-service',
      sql: `
        select format('flight %s seat %s: %s, and its history ends with %s', flight_id, seat_number,
          coalesce(s.status || ' to booking ' || s.booking_id, 'free'),
          coalesce(h.event || ' by booking ' || h.booking_id, 'nothing')) as offender
        from seats s full join (
          select distinct on (flight_id, seat_number) * from seat_history order by flight_id, seat_number, version desc
        ) h using (flight_id, seat_number)
        where case when s.status is null then h.event in ('RESERVED', 'SOLD')
          else (h.event, h.booking_id) is distinct from (s.status, s.booking_id) end`,
    },
  },
];
