-- The moves that a booking may make; bookings_follow_moves refuses every other one. EXPIRED is no end: a
-- payment that comes late confirms the booking if its seats are still free.
create table booking_moves (
  from_status text not null,
  to_status text not null,
  constraint booking_moves_pkey primary key (from_status, to_status)
);
insert into booking_moves (from_status, to_status) values
  ('CREATED', 'PENDING'),
  ('CREATED', 'CANCELLED'),
  ('PENDING', 'CONFIRMED'),
  ('PENDING', 'EXPIRED'),
  ('PENDING', 'CANCELLED'),
  ('EXPIRED', 'CONFIRMED'),
  ('CONFIRMED', 'TICKETED'),
  ('CONFIRMED', 'CANCELLED'),
  ('TICKETED', 'CANCELLED');

-- A booking that has no amount due was never offered to its customer: it is CREATED, or CANCELLED because its
-- creation failed, and nobody is shown it.
create table bookings (
  booking_id bigint generated always as identity,
  user_id bigint not null,
  pnr text not null,
  status text not null,
  -- Why the booking is in this state, as one word, and in the words of whoever caused it.
  status_cause text not null,
  status_detail text,
  status_changed_at timestamptz not null default now(),
  seat_count integer not null,
  contact_name text not null,
  contact_email text not null,
  discount_code text,
  -- What became of the use of the code, as discount-service said last. A confirmed booking whose redemption is
  -- LAPSED was paid late, when the code had no use left, and kept its price.
  redemption_status text,
  amount_due_paise bigint,
  refund_paise bigint,
  payment_id bigint,
  ticket_id bigint,
  departs_at timestamptz not null,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  created_at timestamptz not null,
  constraint bookings_pkey primary key (booking_id),
  constraint bookings_pnr_unique unique (pnr),
  constraint bookings_pnr_form check (pnr ~ '^[BCDFGHJKMNPQRSTVWXYZ][BCDFGHJKMNPQRSTVWXYZ23456789]{5}$'),
  constraint bookings_status_known
    check (status in ('CREATED', 'PENDING', 'CONFIRMED', 'TICKETED', 'EXPIRED', 'CANCELLED')),
  constraint bookings_redemption_status_known
    check (redemption_status in ('REDEEMED', 'LAPSED', 'RELEASED')),
  constraint bookings_redemption_has_code check (redemption_status is null or discount_code is not null),
  constraint bookings_seat_count_range check (seat_count between 1 and 9),
  constraint bookings_amount_not_negative check (amount_due_paise >= 0),
  constraint bookings_offered_has_amount check (status in ('CREATED', 'CANCELLED') or amount_due_paise is not null),
  constraint bookings_created_has_no_amount check (status <> 'CREATED' or amount_due_paise is null),
  constraint bookings_confirmed_is_paid
    check (status not in ('CONFIRMED', 'TICKETED') or (payment_id is not null and confirmed_at is not null)),
  constraint bookings_ticketed_has_ticket check (status <> 'TICKETED' or ticket_id is not null),
  constraint bookings_cancelled_has_refund
    check ((refund_paise is not null) = (status = 'CANCELLED' and amount_due_paise is not null)),
  constraint bookings_refund_within_amount check (refund_paise between 0 and amount_due_paise)
);
create index bookings_by_user on bookings (user_id, booking_id desc) where amount_due_paise is not null;

-- Append-only: what a booking is now is what these rows add up to.
create table booking_history (
  history_id bigint generated always as identity,
  booking_id bigint not null,
  from_status text,
  to_status text not null,
  cause text not null,
  detail text,
  happened_at timestamptz not null default clock_timestamp(),
  constraint booking_history_pkey primary key (history_id),
  constraint booking_history_booking_fkey foreign key (booking_id) references bookings (booking_id)
);
create index booking_history_by_booking on booking_history (booking_id, history_id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed', tg_table_name using errcode = 'check_violation';
end $$;

create trigger booking_history_append_only before update or delete or truncate on booking_history
  for each statement execute function refuse_change();

create function bookings_follow_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'CREATED' then
      raise exception 'a booking begins CREATED, not %', new.status
        using errcode = 'check_violation', constraint = 'bookings_begin_created';
    end if;
  else
    if new.status <> old.status and not exists (
      select from booking_moves where from_status = old.status and to_status = new.status
    ) then
      raise exception 'booking % cannot become % from %', old.booking_id, new.status, old.status
        using errcode = 'check_violation', constraint = 'bookings_legal_move';
    end if;
    if old.amount_due_paise is distinct from new.amount_due_paise and old.amount_due_paise is not null then
      raise exception 'the price of booking % stands', old.booking_id
        using errcode = 'check_violation', constraint = 'bookings_price_stands';
    end if;
  end if;
  return new;
end $$;

create trigger bookings_follow_moves before insert or update on bookings
  for each row execute function bookings_follow_moves();

-- The history is written by the database itself, so that no change of state can go without its row.
create function bookings_write_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into booking_history (booking_id, to_status, cause, detail)
    values (new.booking_id, new.status, new.status_cause, new.status_detail);
  elsif new.status <> old.status then
    insert into booking_history (booking_id, from_status, to_status, cause, detail)
    values (new.booking_id, old.status, new.status, new.status_cause, new.status_detail);
  end if;
  return null;
end $$;

create trigger bookings_write_history after insert or update of status on bookings
  for each row execute function bookings_write_history();

-- A flight of a booking as it was when the booking was made.
create table booking_flights (
  booking_id bigint not null,
  position integer not null,
  flight_id bigint not null,
  detail jsonb not null,
  constraint booking_flights_pkey primary key (booking_id, position),
  constraint booking_flights_flight_unique unique (booking_id, flight_id),
  constraint booking_flights_booking_fkey foreign key (booking_id) references bookings (booking_id)
);
create index booking_flights_by_flight on booking_flights (flight_id, booking_id);

create table booking_passengers (
  booking_id bigint not null,
  position integer not null,
  name text not null,
  age integer,
  email text,
  phone text,
  constraint booking_passengers_pkey primary key (booking_id, position),
  constraint booking_passengers_booking_fkey foreign key (booking_id) references bookings (booking_id)
);

-- Which seat each passenger has on each flight. Whether the seats are still the booking's is seat-service's to say.
create table booking_seats (
  booking_id bigint not null,
  flight_id bigint not null,
  seat_number text not null,
  cabin text not null,
  passenger_position integer not null,
  constraint booking_seats_pkey primary key (booking_id, flight_id, passenger_position),
  constraint booking_seats_seat_unique unique (booking_id, flight_id, seat_number),
  constraint booking_seats_flight_fkey foreign key (booking_id, flight_id)
    references booking_flights (booking_id, flight_id),
  constraint booking_seats_passenger_fkey foreign key (booking_id, passenger_position)
    references booking_passengers (booking_id, position),
  constraint booking_seats_cabin_known check (cabin in ('economy', 'business'))
);
