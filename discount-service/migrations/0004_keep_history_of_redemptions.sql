-- Every state that a redemption has been in, and when. The database writes it itself, so that no move is missed, and
-- nobody changes it afterwards. The time is that of the statement and not of its transaction, which may have waited
-- for the row: so the order of the rows is the order of their times.
create table redemption_history (
  history_id bigint generated always as identity,
  booking_id bigint not null,
  status text not null,
  changed_at timestamptz not null default clock_timestamp(),
  constraint redemption_history_pkey primary key (history_id),
  constraint redemption_history_redemption_fkey foreign key (booking_id) references redemptions (booking_id),
  constraint redemption_history_status_known check (status in ('HELD', 'REDEEMED', 'LAPSED', 'RELEASED'))
);
create index redemption_history_by_booking on redemption_history (booking_id, history_id);
-- A use is given back for good once.
create unique index redemption_history_released_once on redemption_history (booking_id) where status = 'RELEASED';
create unique index redemption_history_held_once on redemption_history (booking_id) where status = 'HELD';

-- Of redemptions that there were before, the first and the last state are known.
insert into redemption_history (booking_id, status, changed_at)
select booking_id, status, changed_at from (
  select booking_id, 'HELD' as status, created_at as changed_at from redemptions where code is not null
  union all
  select booking_id, status, updated_at from redemptions where status <> 'HELD'
) as known
order by changed_at, status <> 'HELD';

create function write_redemption_history() returns trigger language plpgsql as $$
begin
  insert into redemption_history (booking_id, status) values (new.booking_id, new.status);
  return null;
end
$$;
create trigger redemptions_begin_history after insert on redemptions
  for each row execute function write_redemption_history();
create trigger redemptions_continue_history after update of status on redemptions
  for each row when (new.status <> old.status) execute function write_redemption_history();

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'the history of redemptions is never changed or deleted'
    using errcode = 'check_violation', constraint = 'redemption_history_append_only';
end
$$;
create trigger redemption_history_append_only before update or delete on redemption_history
  for each row execute function refuse_rewriting();

-- The limit per customer is the database's to keep as well. The limit of a code never changes, so reading it here
-- races with nobody.
create function refuse_use_above_limit() returns trigger language plpgsql as $$
begin
  if new.uses > (select per_user_limit from discount_codes where code = new.code) then
    raise exception 'customer % has no use of % left', new.user_id, new.code
      using errcode = 'check_violation', constraint = 'customer_uses_within_limit';
  end if;
  return new;
end
$$;
create trigger customer_uses_within_limit before insert or update of uses on customer_uses
  for each row execute function refuse_use_above_limit();
