-- When a refund was anything, for its timeline: what it is now forgets that it was stuck once it is started again.
create table refund_history (
  entry_id bigint generated always as identity,
  refund_id bigint not null,
  status text not null,
  -- Why it was STUCK.
  reason text,
  at timestamptz not null default clock_timestamp(),
  constraint refund_history_pkey primary key (entry_id),
  constraint refund_history_refund_fkey foreign key (refund_id) references refunds (refund_id),
  constraint refund_history_stuck_has_reason check ((status = 'STUCK') = (reason is not null))
);
create index refund_history_by_refund on refund_history (refund_id, entry_id);
insert into refund_history (refund_id, status, reason, at)
  select refund_id, 'PENDING', null, created_at from refunds
  union all select refund_id, 'STUCK', stuck_reason, changed_at from refunds where status = 'STUCK'
  union all select refund_id, 'SUCCEEDED', null, completed_at from refunds where status = 'SUCCEEDED'
  order by 4;

create function note_refund_status() returns trigger language plpgsql as $$
begin
  insert into refund_history (refund_id, status, reason) values (new.refund_id, new.status, new.stuck_reason);
  return null;
end $$;
create trigger refunds_note_begin after insert on refunds
  for each row execute function note_refund_status();
create trigger refunds_note_move after update on refunds
  for each row when (old.status is distinct from new.status) execute function note_refund_status();

-- One transaction may write several entries: each has its own time.
alter table payment_history alter column at set default clock_timestamp();

-- A statement trigger fires for `truncate` too, and for a change that happens to touch no row.
drop trigger payment_history_stays on payment_history;
create trigger payment_history_append_only before update or delete or truncate on payment_history
  for each statement execute function refuse_change();
create trigger refund_history_append_only before update or delete or truncate on refund_history
  for each statement execute function refuse_change();
