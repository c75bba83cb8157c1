-- A session is what one sign-in began: the family of refresh tokens that followed from it. Revoking it ends
-- them all.
create table sessions (
  session_id bigint generated always as identity,
  user_id bigint not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_because text,
  constraint sessions_pkey primary key (session_id),
  constraint sessions_user_fkey foreign key (user_id) references users (user_id) on delete cascade,
  constraint sessions_revoked_has_reason check ((revoked_at is null) = (revoked_because is null)),
  constraint sessions_reason_known check (revoked_because in ('signed_out', 'token_reused', 'password_changed'))
);
create index sessions_by_user on sessions (user_id);

-- Refresh tokens, by the SHA-256 of what the customer holds. A rotated token stays until it would have
-- expired, because that is how its reuse is noticed.
create table refresh_tokens (
  token_hash bytea not null,
  session_id bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  rotated_at timestamptz,
  constraint refresh_tokens_pkey primary key (token_hash),
  constraint refresh_tokens_hash_length check (octet_length(token_hash) = 32),
  constraint refresh_tokens_session_fkey foreign key (session_id) references sessions (session_id) on delete cascade
);
-- Two refreshes at once could otherwise each leave a token behind that works.
create unique index refresh_tokens_one_live_per_session on refresh_tokens (session_id) where rotated_at is null;
create index refresh_tokens_by_session on refresh_tokens (session_id);
create index refresh_tokens_by_expiry on refresh_tokens (expires_at);
