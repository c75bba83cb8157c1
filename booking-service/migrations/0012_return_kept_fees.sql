-- The fee that a cancellation kept and an operator gave back: once and whole, on top of what the cancellation itself
-- gives back, which stands as its customer confirmed it (bookings.refund_paise).
create table returned_fees (
  booking_id bigint not null,
  payment_id bigint not null,
  amount_paise bigint not null,
  reason text not null,
  returned_at timestamptz not null default clock_timestamp(),
  constraint returned_fees_pkey primary key (booking_id),
  constraint returned_fees_booking_fkey foreign key (booking_id) references bookings (booking_id),
  constraint returned_fees_amount_positive check (amount_paise > 0)
);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% is only added to', tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $$;
create trigger returned_fees_append_only before update or delete or truncate on returned_fees
  for each statement execute function refuse_rewriting();

create function returned_fees_were_kept() returns trigger language plpgsql as $$
begin
  if not exists (
    select from bookings where booking_id = new.booking_id and status = 'CANCELLED' and payment_id = new.payment_id
      and amount_due_paise - refund_paise = new.amount_paise
  ) then
    raise exception 'the cancellation of booking % did not keep % paise', new.booking_id, new.amount_paise
      using errcode = 'check_violation', constraint = 'returned_fees_were_kept';
  end if;
  return new;
end $$;
create trigger returned_fees_were_kept before insert on returned_fees
  for each row execute function returned_fees_were_kept();

-- The refund is due anew, and whoever compares payments is told.
create function returned_fees_owe_refund() returns trigger language plpgsql as $$
begin
  insert into booking_follow_ups (booking_id, follow_up, due_at)
  values (new.booking_id, 'refund-booking', clock_timestamp())
  on conflict (booking_id, follow_up) do update set due_at = excluded.due_at, done_at = null;
  return null;
end $$;
create trigger returned_fees_owe_refund after insert on returned_fees
  for each row execute function returned_fees_owe_refund();
create trigger returned_fees_note_changes after insert on returned_fees
  for each row execute function note_payment_state_changes();
