-- Every reading of a booking says whether its work is stuck: jobs about it, and deliveries of events about it. Its
-- timeline also tells of those that were resolved.
create index stuck_jobs_of_booking on stuck_jobs (
  (coalesce(payload -> 'data' ->> 'booking_id', payload -> 'data' -> 'event' -> 'data' ->> 'booking_id'))
);
