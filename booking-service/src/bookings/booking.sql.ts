/** Columns of a booking under the names that the domain has for them, with its parts as JSON. */
const BOOKING = `
  select
    b.booking_id as "bookingId", b.user_id as "userId", b.pnr, b.status,
    case when b.status = 'PENDING' and b.expires_at <= now() then 'EXPIRED' else b.status end as "shownStatus",
    b.status_cause as cause, b.status_detail as "causeDetail", b.status_changed_at as "changedAt",
    b.seat_count as "seatCount", json_build_object('name', b.contact_name, 'email', b.contact_email) as contact,
    b.discount_code as "discountCode", b.amount_due_paise as "amountDuePaise", b.refund_paise as "refundPaise",
    b.payment_id as "paymentId", b.ticket_id as "ticketId", b.departs_at <= now() as "hasDeparted",
    b.expires_at as "expiresAt", b.confirmed_at as "confirmedAt", b.created_at as "createdAt",
    exists (
      select from booking_flights f join cancelled_flights using (flight_id) where f.booking_id = b.booking_id
    ) as "flightCancelled",
    (select json_agg(f.detail order by f.position) from booking_flights f where f.booking_id = b.booking_id)
      as flights,
    (select json_agg(json_strip_nulls(json_build_object(
        'name', p.name, 'age', p.age, 'email', p.email, 'phone', p.phone)) order by p.position)
      from booking_passengers p where p.booking_id = b.booking_id) as passengers,
    coalesce((select json_agg(json_build_object(
        'flight_id', s.flight_id, 'seat_number', s.seat_number, 'cabin', s.cabin,
        'passenger_index', s.passenger_position) order by f.position, s.passenger_position)
      from booking_seats s join booking_flights f using (booking_id, flight_id)
      where s.booking_id = b.booking_id), '[]') as seats,
    coalesce((select json_agg(json_strip_nulls(json_build_object(
        'flight_id', l.flight_id, 'kind', l.kind, 'description', l.description, 'quantity', l.quantity,
        'amount_paise', l.amount_paise, 'tax_rate', l.tax_rate)) order by l.position)
      from booking_price_lines l where l.booking_id = b.booking_id), '[]') as "priceLines"
  from bookings b`;

export const FIND = { name: 'find-booking', text: `${BOOKING} where b.booking_id = $1` };

export const FIND_BY_PNR = {
  name: 'find-booking-by-pnr',
  text: `${BOOKING} where b.pnr = $1 and b.amount_due_paise is not null`,
};

/** The newest first; the filter sees an overdue booking as everybody else does. */
export const LIST = {
  name: 'list-bookings',
  text: `
    ${BOOKING}
    where b.user_id = $1 and b.amount_due_paise is not null and b.booking_id < $2
      and ($3::text is null
        or $3 = case when b.status = 'PENDING' and b.expires_at <= now() then 'EXPIRED' else b.status end)
    order by b.booking_id desc
    limit $4`,
};

export const LOCK = {
  name: 'lock-booking',
  text: 'select booking_id from bookings where booking_id = $1 for update',
};

/** The row, its flights, its passengers and the job that takes it back, in one round trip. */
export const ADD = {
  name: 'add-booking',
  text: `
    with booking as (
      insert into bookings (user_id, pnr, status, status_cause, seat_count, contact_name, contact_email,
                            discount_code, departs_at, expires_at, created_at)
      values ($1, $2, 'CREATED', 'created', $3, $4, $5, $6, $7, $8, $9)
      returning booking_id
    ), flights as (
      insert into booking_flights (booking_id, position, flight_id, detail)
      select booking_id, position - 1, (detail ->> 'flight_id')::bigint, detail
      from booking, jsonb_array_elements($10::jsonb) with ordinality as given (detail, position)
    ), passengers as (
      insert into booking_passengers (booking_id, position, name, age, email, phone)
      select booking_id, position - 1, name, age, email, phone
      from booking, unnest($11::text[], $12::integer[], $13::text[], $14::text[])
        with ordinality as given (name, age, email, phone, position)
    )
    select booking_id as "bookingId", graphile_worker.add_job(
      $15, payload => jsonb_set($16::jsonb, '{data}', jsonb_build_object('booking_id', booking_id))::json,
      run_at => $17, max_attempts => $18, job_key => $19::text || booking_id)
    from booking`,
};

/**
 * Seats, price and the deadline for paying, in one round trip; nothing when the booking was taken back meanwhile
 * or one of its flights was cancelled.
 */
export const OFFER = {
  name: 'offer-booking',
  text: `
    with booking as (
      update bookings set status = 'PENDING', status_cause = 'offered', status_detail = null,
                          status_changed_at = clock_timestamp(), amount_due_paise = $2
      where booking_id = $1 and status = 'CREATED' and not exists (
        select from booking_flights join cancelled_flights using (flight_id) where booking_id = $1
      )
      returning booking_id
    ), seats as (
      insert into booking_seats (booking_id, flight_id, seat_number, cabin, passenger_position)
      select booking_id, flight_id, seat_number, cabin, passenger_index
      from booking, jsonb_to_recordset($3::jsonb)
        as given (flight_id bigint, seat_number text, cabin text, passenger_index integer)
    ), lines as (
      insert into booking_price_lines (booking_id, position, flight_id, kind, description, quantity, amount_paise,
                                       tax_rate)
      select booking_id, position - 1, flight_id, kind, description, quantity, amount_paise, tax_rate
      from booking, rows from (jsonb_to_recordset($4::jsonb)
        as (flight_id bigint, kind text, description text, quantity integer, amount_paise bigint, tax_rate integer))
        with ordinality as given (flight_id, kind, description, quantity, amount_paise, tax_rate, position)
    )
    select graphile_worker.add_job($5, payload => $6::json, run_at => $7, max_attempts => $8, job_key => $9)
    from booking`,
};

export const MOVE = {
  name: 'move-booking',
  text: `
    update bookings set
      status = $2, status_cause = $3, status_detail = $4, status_changed_at = clock_timestamp(),
      payment_id = coalesce($5, payment_id), confirmed_at = coalesce($6, confirmed_at),
      ticket_id = coalesce($7, ticket_id), refund_paise = coalesce($8, refund_paise)
    where booking_id = $1`,
};
