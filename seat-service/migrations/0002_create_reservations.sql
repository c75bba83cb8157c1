-- The seats of one booking, as a whole. The row outlives the seats: it is what makes reserving, selling and
-- releasing safe to repeat, and a booking that was released before its reservation arrived gets none.
create table reservations (
  booking_id bigint not null,
  user_id bigint,
  status text not null,
  -- What the booking had, so that a payment that comes late can have the same seats again if they are free.
  seats jsonb not null default '[]',
  expires_at timestamptz,
  released_because text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint reservations_pkey primary key (booking_id),
  constraint reservations_status_known check (status in ('RESERVED', 'SOLD', 'RELEASED')),
  constraint reservations_reserved_expires check ((status = 'RESERVED') = (expires_at is not null)),
  constraint reservations_released_has_reason check ((status = 'RELEASED') = (released_because is not null)),
  constraint reservations_reason_known check (released_because in ('expired', 'given_back'))
);

-- Seats that are not free. A seat has at most one row, so it has at most one booking: the last word on who
-- sits where, whatever Redis says. A reserved seat that has expired counts as free wherever it is read.
create table seats (
  flight_id bigint not null,
  seat_number text not null,
  cabin text not null,
  status text not null,
  booking_id bigint not null,
  expires_at timestamptz,
  constraint seats_pkey primary key (flight_id, seat_number),
  constraint seats_flight_fkey foreign key (flight_id) references flights (flight_id),
  constraint seats_booking_fkey foreign key (booking_id) references reservations (booking_id),
  constraint seats_status_known check (status in ('RESERVED', 'SOLD')),
  constraint seats_cabin_known check (cabin in ('economy', 'business')),
  constraint seats_reserved_expires check ((status = 'RESERVED') = (expires_at is not null))
);
create index seats_by_booking on seats (booking_id);
