-- Flights that the airline withdrew. A booking is offered and confirmed only if none of its flights is here, so
-- that one made from older facts while the flight is being cancelled is caught too.
create table cancelled_flights (
  flight_id bigint not null,
  reason text not null,
  recorded_at timestamptz not null default now(),
  constraint cancelled_flights_pkey primary key (flight_id)
);
