-- What is known here of a booking besides its documents. Whoever issues a ticket and whoever hears of a
-- cancellation takes this row first: neither can overlook the other, in whichever order they come.
create table bookings (
  booking_id bigint not null,
  cancelled_at timestamptz,
  constraint bookings_pkey primary key (booking_id)
);

-- What was issued for one booking. There is one for each booking however often it is asked for, and
-- `booking` keeps what the documents print as it was then.
create table tickets (
  ticket_id bigint generated always as identity,
  booking_id bigint not null,
  user_id bigint not null,
  pnr text not null,
  issued_at timestamptz not null,
  booking jsonb not null,
  constraint tickets_pkey primary key (ticket_id),
  constraint tickets_one_per_booking unique (booking_id),
  constraint tickets_booking_fkey foreign key (booking_id) references bookings (booking_id),
  constraint tickets_pnr_form check (pnr ~ '^[A-Z][A-Z0-9]{5}$')
);

-- The last form and serial number that was given out under each airline's accounting code.
create table ticket_serials (
  accounting_code text not null,
  last_serial bigint not null,
  constraint ticket_serials_pkey primary key (accounting_code),
  constraint ticket_serials_code_form check (accounting_code ~ '^[0-9]{3}$'),
  constraint ticket_serials_ten_digits check (last_serial between 1 and 9999999999)
);

-- One number for each passenger, unique for ever.
create table ticket_numbers (
  ticket_number text not null,
  ticket_id bigint not null,
  passenger_index integer not null,
  constraint ticket_numbers_pkey primary key (ticket_number),
  constraint ticket_numbers_one_per_passenger unique (ticket_id, passenger_index),
  constraint ticket_numbers_ticket_fkey foreign key (ticket_id) references tickets (ticket_id),
  constraint ticket_numbers_form check (ticket_number ~ '^[0-9]{13}$'),
  constraint ticket_numbers_passenger_counts check (passenger_index >= 0)
);

-- The right of one passenger to fly one flight. A ticket number has four coupons at most.
create table coupons (
  ticket_number text not null,
  coupon_number integer not null,
  flight_id bigint not null,
  seat_number text not null,
  cabin text not null,
  check_in_sequence integer not null,
  status text not null default 'OPEN',
  constraint coupons_pkey primary key (ticket_number, coupon_number),
  constraint coupons_ticket_number_fkey foreign key (ticket_number) references ticket_numbers (ticket_number),
  constraint coupons_number_range check (coupon_number between 1 and 4),
  constraint coupons_cabin_known check (cabin in ('economy', 'business')),
  constraint coupons_check_in_sequence_range check (check_in_sequence between 1 and 9999),
  constraint coupons_status_known check (status in ('OPEN', 'USED', 'VOID', 'REFUNDED'))
);
create index coupons_by_flight on coupons (flight_id);

-- A coupon that was flown, voided or refunded stays what it is.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'a coupon that is % stays so', old.status
    using errcode = 'check_violation', constraint = 'coupons_only_open_ones_change';
end $$;
create trigger coupons_only_open_ones_change before update of status on coupons
  for each row when (old.status <> 'OPEN' and new.status <> old.status) execute function refuse_change();
