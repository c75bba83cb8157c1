-- The pools of workers and when each was last heard of. A pool that is silent is given up even if its connection still
-- stands: its process hangs, or its machine is gone and nobody has told the database.
create table job_pools (
  pool_id text not null,
  beat_at timestamptz not null default now(),
  constraint job_pools_pkey primary key (pool_id)
);
