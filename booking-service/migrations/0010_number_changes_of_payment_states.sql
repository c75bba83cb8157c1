-- When what is known of a payment last changed, for whoever compares it with other books. The number of the transaction
-- orders the changes: a reader who stays below the oldest transaction that is still open misses none.
create table payment_state_changes (
  payment_id bigint not null,
  changed_in xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null default clock_timestamp(),
  constraint payment_state_changes_pkey primary key (payment_id),
  constraint payment_state_changes_payment_fkey foreign key (payment_id) references booking_payments (payment_id)
);
create index payment_state_changes_in_order on payment_state_changes (changed_in, payment_id);
insert into payment_state_changes (payment_id) select payment_id from booking_payments;

-- The database notes each change itself: of a payment, and of the booking that it is for.
create function note_payment_state_changes() returns trigger language plpgsql as $$
begin
  insert into payment_state_changes (payment_id)
  select payment_id from booking_payments where booking_id = new.booking_id
    and (tg_table_name = 'bookings' or payment_id = (to_jsonb(new) ->> 'payment_id')::bigint)
  on conflict (payment_id) do update set changed_in = excluded.changed_in, changed_at = excluded.changed_at;
  return null;
end $$;
create trigger booking_payments_note_changes after insert or update on booking_payments
  for each row execute function note_payment_state_changes();
create trigger bookings_note_changes after update of status, refund_paise on bookings
  for each row when ((old.status, old.refund_paise) is distinct from (new.status, new.refund_paise))
  execute function note_payment_state_changes();
