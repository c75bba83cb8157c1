-- Two events may tell the same thing under different ids, and the customer must be told of it once. What makes two
-- events of one kind about one booking two things is their occasion: a booking is confirmed, ticketed, expired and
-- cancelled once, which leaves the occasion empty, while each payment that goes back is an occasion of its own.
alter table notifications add column occasion text not null default '';

-- What was written before, also twice, stays as it is.
update notifications set occasion = event_id
where event_type = 'booking.payment_returned'
  or notification_id in (
    select notification_id from (
      select notification_id,
        row_number() over (partition by booking_id, event_type, channel order by notification_id) as place
      from notifications where booking_id is not null
    ) as numbered
    where place > 1
  );

alter table notifications add constraint notifications_occasion_unique
  unique (booking_id, event_type, channel, occasion);

-- An administrator may have a message tried again after it was given up. Attempts go on being numbered; those that
-- were made before do not count against it any more.
alter table notifications
  add column attempts_forgiven integer not null default 0,
  add column retried_at timestamptz,
  add constraint notifications_attempts_forgiven_range check (attempts_forgiven between 0 and attempts);
create index notifications_failed on notifications (notification_id desc) where status = 'FAILED';
