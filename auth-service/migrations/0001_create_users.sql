-- Everybody who can sign in. The address is folded to lower case before it gets here, so that the unique
-- constraint decides alone which of many simultaneous signups gets it.
create table users (
  user_id bigint generated always as identity,
  name text not null,
  email text not null,
  password_hash text not null,
  role text not null default 'customer',
  created_at timestamptz not null default now(),
  constraint users_pkey primary key (user_id),
  constraint users_email_unique unique (email),
  constraint users_email_folded check (email = lower(email)),
  constraint users_role_known check (role in ('customer', 'admin'))
);
