-- The newest that flight-search told of when a flight departs, by the time of its event: deliveries overtake each other,
-- and an older one must not undo a newer one. It is kept for flights that are not known here yet as well, because what
-- flight-search answers about a flight may be older than an event that has already been consumed.
create table reschedules (
  flight_id bigint not null,
  departure_at timestamptz not null,
  published_at timestamptz not null,
  constraint reschedules_pkey primary key (flight_id)
);
