-- Events that this service has applied. The row is written in the transaction that applies the event, so an
-- event that is delivered again finds it and changes nothing.
create table consumed_events (
  event_id text not null,
  event_type text not null,
  consumed_at timestamptz not null default now(),
  constraint consumed_events_pkey primary key (event_id)
);
create index consumed_events_by_time on consumed_events (consumed_at);
