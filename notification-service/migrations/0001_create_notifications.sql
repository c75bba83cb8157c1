-- Messages to customers, and what became of each. `message_id` is the Message-ID that every attempt at
-- delivery carries, so that a duplicate can be recognised wherever it arrives.
create table notifications (
  notification_id bigint generated always as identity,
  message_id uuid not null,
  user_id bigint not null,
  channel text not null,
  recipient text not null,
  subject text,
  body_text text not null,
  body_html text,
  booking_id bigint,
  event_id text,
  event_type text,
  status text not null default 'QUEUED',
  failure_reason text,
  attempts integer not null default 0,
  -- While this is in the future, somebody is handing the message over.
  claimed_until timestamptz,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint notifications_pkey primary key (notification_id),
  constraint notifications_message_id_unique unique (message_id),
  -- The inbox forgets in time which events it has seen; this does not.
  constraint notifications_event_channel_unique unique (event_id, channel),
  constraint notifications_about_whole_event
    check (num_nulls(booking_id, event_id, event_type) in (0, 3)),
  constraint notifications_channel_known check (channel in ('email', 'sms')),
  constraint notifications_status_known check (status in ('QUEUED', 'SENT', 'FAILED')),
  constraint notifications_finished_when_not_queued check ((status = 'QUEUED') = (finished_at is null)),
  constraint notifications_failed_has_reason check ((status = 'FAILED') = (failure_reason is not null))
);
create index notifications_by_user on notifications (user_id, notification_id desc);

-- Every attempt at handing a message over. One that stays STARTED was cut short: nobody knows whether it
-- took effect, so the message is handed over again.
create table deliveries (
  notification_id bigint not null,
  attempt integer not null,
  transport text not null,
  outcome text not null default 'STARTED',
  detail text,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint deliveries_pkey primary key (notification_id, attempt),
  constraint deliveries_notification_fkey foreign key (notification_id) references notifications (notification_id),
  constraint deliveries_transport_known check (transport in ('smtp', 'log')),
  constraint deliveries_outcome_known check (outcome in ('STARTED', 'DELIVERED', 'FAILED')),
  constraint deliveries_finished_has_time check ((outcome = 'STARTED') = (finished_at is null))
);
