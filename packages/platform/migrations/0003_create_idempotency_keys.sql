-- What clients asked for under an Idempotency-Key, and what they were answered. A row whose answer is not there yet
-- is in flight while somebody holds it, and free to be held by the next attempt when that one is overdue.
create table idempotency_keys (
  user_id bigint not null,
  method text not null,
  path text not null,
  idempotency_key text not null,
  -- Of the whole request, so that a key used for two different requests is noticed.
  fingerprint text not null,
  -- The same for all attempts: effects outside of this database are made under it.
  effect_id uuid not null default gen_random_uuid(),
  -- What has been made under the key, written in the transaction that made it.
  resource_id bigint,
  -- Which attempt holds the key, and since when.
  attempt_id uuid,
  held_at timestamptz not null default now(),
  status integer,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (user_id, method, path, idempotency_key),
  constraint idempotency_keys_answer_complete check ((status is null) = (headers is null))
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
