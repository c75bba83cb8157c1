-- What seat-service knows of a flight: its aircraft, its departure and whether it is still to fly. The row is
-- fetched from flight-search when the flight is first touched and kept true by events.
--
-- `version` counts the changes of the flight's seats. It orders them for everybody outside this database:
-- Redis applies change n only after change n-1, and flight-search ignores counts older than those it has.
create table flights (
  flight_id bigint not null,
  aircraft_type text not null,
  departure_at timestamptz not null,
  status text not null default 'SCHEDULED',
  version bigint not null default 0,
  constraint flights_pkey primary key (flight_id),
  constraint flights_status_known check (status in ('SCHEDULED', 'CANCELLED'))
);
