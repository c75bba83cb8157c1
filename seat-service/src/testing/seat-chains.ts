/**
 * The places at which a seat's history breaks: numbers that do not follow each other, a seat that is taken while
 * another booking has it or freed by one that has not, and seats whose last entry is not what the table of seats says.
 */
export const BROKEN_SEAT_CHAINS = `
  with chained as (
    select *, lag(event) over seat as before_event, lag(booking_id) over seat as before_booking,
           row_number() over seat as position, lead(version) over seat is null as is_last
    from seat_history window seat as (partition by flight_id, seat_number order by version)
  ), broken as (
    select flight_id, seat_number, version, event, booking_id from chained
    where version <> position
       or (event in ('EXPIRED', 'RELEASED') and (before_booking is distinct from booking_id
                                                 or before_event not in ('RESERVED', 'SOLD')))
       or (event = 'RESERVED' and before_event in ('RESERVED', 'SOLD'))
       or (event = 'SOLD' and (before_event = 'SOLD' or (before_event = 'RESERVED' and before_booking <> booking_id)))
  ), present as (
    select flight_id, seat_number, booking_id, event from chained
    where is_last and event in ('RESERVED', 'SOLD')
  )
  select flight_id, seat_number, version, event, booking_id from broken
  union all
  select coalesce(seats.flight_id, present.flight_id), coalesce(seats.seat_number, present.seat_number), null,
         coalesce(seats.status, present.event), coalesce(seats.booking_id, present.booking_id)
  from present full join seats using (flight_id, seat_number)
  where seats.booking_id is distinct from present.booking_id or seats.status is distinct from present.event`;

/** Reservations that say of seats what the seats do not say of them, apart from those that have run out. */
export const RESERVATIONS_WITHOUT_SEATS = `
  select booking_id, status from reservations
  where (status = 'SOLD' or (status = 'RESERVED' and expires_at > now())) and jsonb_array_length(seats) <> (
    select count(*) from seats
    join jsonb_to_recordset(reservations.seats) as own ("flightId" bigint, "seatNumber" text)
      on own."flightId" = seats.flight_id and own."seatNumber" = seats.seat_number
    where seats.booking_id = reservations.booking_id and seats.status = reservations.status
  )`;
