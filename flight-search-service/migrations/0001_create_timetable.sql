-- The facts that flights refer to. The rows come from the service's own data at every start; they are tables so
-- that SQL can reckon with time zones and no flight can name an airport or airline that does not exist.
create table airports (
  code text not null,
  name text not null,
  city text not null,
  country text not null,
  time_zone text not null,
  constraint airports_pkey primary key (code)
);

create table airlines (
  code text not null,
  name text not null,
  accounting_code text not null,
  constraint airlines_pkey primary key (code)
);

-- Flights that repeat. `generated_through` is the last local date for which flights were made from the row, so
-- that keeping the horizon full costs only the days that are missing.
create table schedules (
  flight_number text not null,
  airline text not null,
  source text not null,
  destination text not null,
  source_terminal text,
  destination_terminal text,
  departure_time time not null,
  block_minutes integer not null,
  weekdays smallint[] not null,
  aircraft_type text not null,
  economy_capacity smallint not null,
  business_capacity smallint not null,
  economy_base_fare_paise integer not null,
  economy_fuel_surcharge_paise integer not null,
  business_base_fare_paise integer,
  business_fuel_surcharge_paise integer,
  user_development_fee_paise integer not null,
  aviation_security_fee_paise integer not null,
  fare_phase smallint not null,
  generated_through date,
  constraint schedules_pkey primary key (flight_number),
  constraint schedules_airline_fkey foreign key (airline) references airlines (code),
  constraint schedules_source_fkey foreign key (source) references airports (code),
  constraint schedules_destination_fkey foreign key (destination) references airports (code)
);
