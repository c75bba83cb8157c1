-- Adds a job to the queue, in place of one of the same key that has not begun. The queue's own add_job costs six times
-- what the row does, for it also makes the job's kind and a named queue known, and one request may add several jobs.
-- So the row of a job is written here, and only when its kind is not known yet, or a job of its key is at work or
-- was tried as often as it may be, is it left to add_job. A job of a later time wakes nobody: who polls finds it.
create function queue_job(
  job_name text,
  told json,
  request_id text,
  trace_id text,
  due_at timestamptz,
  after_ms integer,
  attempts integer,
  job_key text
) returns void language plpgsql as $$
declare
  envelope json := json_build_object('data', told, 'request_id', request_id, 'trace_id', trace_id, 'key', job_key);
  runs_at timestamptz := coalesce(due_at, now() + after_ms * interval '1 millisecond', now());
begin
  insert into graphile_worker._private_jobs as existing (task_id, payload, run_at, max_attempts, key)
  select id, envelope, runs_at, attempts, job_key from graphile_worker._private_tasks where identifier = job_name
  on conflict (key) do update
    set task_id = excluded.task_id, payload = excluded.payload, run_at = excluded.run_at, updated_at = now(),
        max_attempts = excluded.max_attempts, attempts = 0, last_error = null, revision = existing.revision + 1
    where existing.is_available;
  if not found then
    perform graphile_worker.add_job(
      job_name, payload => envelope, run_at => runs_at, max_attempts => attempts, job_key => queue_job.job_key
    );
  elsif runs_at <= now() then
    -- Two equal notifications of one transaction would be heard as one.
    perform pg_notify('jobs:insert', json_build_object('r', random(), 'count', 1)::text);
  end if;
end;
$$;
