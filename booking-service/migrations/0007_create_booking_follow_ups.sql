-- What a booking's state makes due in other services, and when that was last done. A job does it; this says that it
-- was done. The rows are written by the database itself, so that no state can be reached without what it owes, and a
-- follow-up whose job is gone is found.
create table booking_follow_ups (
  booking_id bigint not null,
  -- The name of the job.
  follow_up text not null,
  due_at timestamptz not null,
  done_at timestamptz,
  constraint booking_follow_ups_pkey primary key (booking_id, follow_up),
  constraint booking_follow_ups_booking_fkey foreign key (booking_id) references bookings (booking_id),
  constraint booking_follow_ups_known check (follow_up in ('release-seats', 'settle-redemption', 'refund-booking')),
  constraint booking_follow_ups_done_once_due check (done_at >= due_at)
);
create index booking_follow_ups_owed on booking_follow_ups (due_at) where done_at is null;

-- The same follow-up is due anew in each state: a use that lapsed at expiry is redeemed by a late payment.
create function bookings_owe_follow_ups() returns trigger language plpgsql as $$
begin
  insert into booking_follow_ups (booking_id, follow_up, due_at)
  select new.booking_id, owed.follow_up, clock_timestamp()
  from (values
    ('release-seats', new.status = 'CANCELLED'),
    ('settle-redemption', new.discount_code is not null),
    ('refund-booking', new.status = 'CANCELLED' and new.payment_id is not null and new.refund_paise > 0)
  ) as owed (follow_up, is_owed)
  where owed.is_owed
  on conflict (booking_id, follow_up) do update set due_at = excluded.due_at, done_at = null;
  return null;
end $$;

create trigger bookings_owe_follow_ups after update of status on bookings
  for each row when (
    old.status <> new.status
    and (new.status = 'CANCELLED' or new.discount_code is not null and new.status in ('CONFIRMED', 'EXPIRED'))
  )
  execute function bookings_owe_follow_ups();

-- Whether a deadline was missed is asked every minute.
create index bookings_unpaid on bookings (expires_at) where status in ('CREATED', 'PENDING');
