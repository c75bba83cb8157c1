-- Which lock a reservation was made of, for those who ask later what happened. Older reservations do not know, nor do
-- those whose lock Redis had forgotten in between.
alter table reservations
  add column lock_id bigint,
  add column locked_at timestamptz,
  add column locked_until timestamptz,
  add constraint reservations_locked_between check ((locked_at is null) = (locked_until is null));

-- What happened to every seat of every flight, in an order of its own: `version` counts from 1 without gaps. A seat is
-- taken by `RESERVED` or `SOLD`, may go from `RESERVED` to `SOLD` with the same booking, and is free again after
-- `EXPIRED` or `RELEASED` of that booking. An auditor who finds two bookings without one of these in between has found a
-- seat with two owners. Triggers write it, so that no statement can change a seat and keep silent about it.
create table seat_history (
  flight_id bigint not null,
  seat_number text not null,
  version bigint not null,
  event text not null,
  booking_id bigint not null,
  expires_at timestamptz,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint seat_history_pkey primary key (flight_id, seat_number, version),
  constraint seat_history_event_known check (event in ('RESERVED', 'SOLD', 'EXPIRED', 'RELEASED')),
  constraint seat_history_version_counts check (version > 0)
);
create index seat_history_by_booking on seat_history (booking_id);

-- What became of every reservation as a whole, counted in the same way.
create table reservation_history (
  booking_id bigint not null,
  version bigint not null,
  status text not null,
  released_because text,
  expires_at timestamptz,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint reservation_history_pkey primary key (booking_id, version),
  constraint reservation_history_booking_fkey foreign key (booking_id) references reservations (booking_id),
  constraint reservation_history_status_known check (status in ('RESERVED', 'SOLD', 'RELEASED')),
  constraint reservation_history_released_has_reason check ((status = 'RELEASED') = (released_because is not null))
);

-- What is there already begins its history as it is now.
insert into seat_history (flight_id, seat_number, version, event, booking_id, expires_at, recorded_at)
select seats.flight_id, seats.seat_number, 1, seats.status, seats.booking_id, seats.expires_at, reservations.updated_at
from seats join reservations using (booking_id);

insert into reservation_history (booking_id, version, status, released_because, expires_at, recorded_at)
select booking_id, 1, status, released_because, expires_at, updated_at from reservations;

create function append_seat_history(seat seats, what text) returns void language sql as $$
  insert into seat_history (flight_id, seat_number, version, event, booking_id, expires_at)
  select seat.flight_id, seat.seat_number, coalesce(max(version), 0) + 1, what, seat.booking_id, seat.expires_at
  from seat_history where flight_id = seat.flight_id and seat_number = seat.seat_number
$$;

-- A reservation whose time is over lost its seat whether the row is deleted or taken over. A seat that was taken from a
-- booking whose time was not over was never freed, and so nothing here says that it was.
create function record_seat_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.booking_id = old.booking_id and new.status = old.status then
    return null;
  end if;
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and new.booking_id <> old.booking_id) then
    if old.status = 'RESERVED' and old.expires_at <= now() then
      perform append_seat_history(old, 'EXPIRED');
    elsif tg_op = 'DELETE' then
      perform append_seat_history(old, 'RELEASED');
    end if;
  end if;
  if tg_op <> 'DELETE' then
    perform append_seat_history(new, new.status);
  end if;
  return null;
end
$$;

create trigger seats_recorded after insert or update or delete on seats
  for each row execute function record_seat_change();

create function record_reservation_change() returns trigger language plpgsql as $$
begin
  insert into reservation_history (booking_id, version, status, released_because, expires_at)
  select new.booking_id, coalesce(max(version), 0) + 1, new.status, new.released_because, new.expires_at
  from reservation_history where booking_id = new.booking_id;
  return null;
end
$$;

create trigger reservations_begun after insert on reservations
  for each row execute function record_reservation_change();

create trigger reservations_moved after update on reservations for each row
  when (new.status <> old.status or new.released_because is distinct from old.released_because)
  execute function record_reservation_change();

create function refuse_to_change_history() returns trigger language plpgsql as $$
begin
  raise exception 'History is added to and never changed.' using errcode = 'restrict_violation';
end
$$;

create trigger seat_history_append_only before update or delete or truncate on seat_history
  for each statement execute function refuse_to_change_history();

create trigger reservation_history_append_only before update or delete or truncate on reservation_history
  for each statement execute function refuse_to_change_history();
