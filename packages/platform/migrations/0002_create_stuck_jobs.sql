-- Durable work that was tried as often as it may be. A row takes the place of the job in the queue, in one
-- transaction, and waits there for an operator.
create table stuck_jobs (
  stuck_id bigint generated always as identity,
  job text not null,
  -- What the job is told, and the request that caused it, exactly as they lay in the queue.
  payload jsonb not null,
  max_attempts integer not null,
  attempts integer not null,
  reason text not null,
  stuck_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolution text,
  constraint stuck_jobs_pkey primary key (stuck_id),
  constraint stuck_jobs_resolved_has_resolution check ((resolved_at is null) = (resolution is null))
);
create index stuck_jobs_open on stuck_jobs (stuck_id) where resolved_at is null;
