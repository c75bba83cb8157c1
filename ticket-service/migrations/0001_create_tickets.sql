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
  constraint ticket_numbers_ticket_fk foreign key (ticket_id) references tickets (ticket_id),
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
  constraint coupons_ticket_number_fk foreign key (ticket_number) references ticket_numbers (ticket_number),
  constraint coupons_number_range check (coupon_number between 1 and 4),
  constraint coupons_cabin_known check (cabin in ('economy', 'business')),
  constraint coupons_check_in_sequence_range check (check_in_sequence between 1 and 9999),
  constraint coupons_status_known check (status in ('OPEN', 'USED', 'VOID', 'REFUNDED'))
);
create index coupons_by_flight on coupons (flight_id);
