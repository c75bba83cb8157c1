-- What seat-service answered when a booking's seats were to be sold for a payment. The answer stands: booking-service gives
-- a payment back because of a refusal, so the same request, arriving late or twice, must never sell anything afterwards.
create table sales (
  booking_id bigint not null,
  payment_id bigint not null,
  answer text not null,
  -- The flight that nobody can buy a seat on any more.
  flight_id bigint,
  answered_at timestamptz not null default clock_timestamp(),
  constraint sales_pkey primary key (booking_id, payment_id),
  constraint sales_booking_fkey foreign key (booking_id) references reservations (booking_id),
  constraint sales_answer_known check (answer in ('SOLD', 'SEATS_LOST', 'FLIGHT_CANCELLED', 'FLIGHT_DEPARTED')),
  constraint sales_flight_named check ((flight_id is not null) = (answer in ('FLIGHT_CANCELLED', 'FLIGHT_DEPARTED')))
);

create trigger sales_append_only before update or delete or truncate on sales
  for each statement execute function refuse_to_change_history();
