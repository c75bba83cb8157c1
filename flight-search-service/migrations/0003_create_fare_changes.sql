-- What became of the fares of flights in each cabin, and who did it: added to and never changed. The first row of a cabin
-- says in `old_…` what it was added with.
create table fare_changes (
  fare_change_id bigint generated always as identity,
  flight_id bigint not null,
  cabin text not null,
  old_base_fare_paise integer not null,
  old_fuel_surcharge_paise integer not null,
  new_base_fare_paise integer not null,
  new_fuel_surcharge_paise integer not null,
  changed_by bigint not null,
  changed_at timestamptz not null default clock_timestamp(),
  constraint fare_changes_pkey primary key (fare_change_id),
  constraint fare_changes_flight_fkey foreign key (flight_id) references flights (flight_id),
  constraint fare_changes_cabin_known check (cabin in ('economy', 'business')),
  constraint fare_changes_change_something check (
    (old_base_fare_paise, old_fuel_surcharge_paise) <> (new_base_fare_paise, new_fuel_surcharge_paise)
  )
);
create index fare_changes_by_flight on fare_changes (flight_id, fare_change_id);

create function refuse_to_change_history() returns trigger language plpgsql as $$
begin
  raise exception 'History is added to and never changed.'
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end
$$;
create trigger fare_changes_append_only before update or delete or truncate on fare_changes
  for each statement execute function refuse_to_change_history();
