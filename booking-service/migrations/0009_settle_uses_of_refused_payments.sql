-- A payment of an expired booking takes the use of its discount code anew before it is decided. When it is refused that
-- use has to be given back, although the booking stays in its state.
create function booking_payments_owe_follow_ups() returns trigger language plpgsql as $$
begin
  insert into booking_follow_ups (booking_id, follow_up, due_at)
  select booking_id, 'settle-redemption', clock_timestamp() from bookings
  where booking_id = new.booking_id and status = 'EXPIRED' and discount_code is not null
  on conflict (booking_id, follow_up) do update set due_at = excluded.due_at, done_at = null;
  return null;
end $$;

create trigger booking_payments_owe_follow_ups after insert or update of verdict on booking_payments
  for each row when (new.verdict <> 'accepted') execute function booking_payments_owe_follow_ups();
