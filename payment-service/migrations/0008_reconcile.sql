-- What the provider's statement says, as we last read it; comparing is then a matter of joins. Kept for whoever
-- audits the books.
create table provider_statement_charges (
  charge_id text not null,
  idempotency_key text not null,
  status text not null,
  amount_paise bigint not null,
  -- By the provider's clock.
  created_at timestamptz not null,
  changed_at timestamptz not null,
  imported_at timestamptz not null default now(),
  constraint provider_statement_charges_pkey primary key (charge_id)
);
create index provider_statement_charges_by_key on provider_statement_charges (idempotency_key);
create index provider_statement_charges_by_import on provider_statement_charges (imported_at);

create table provider_statement_refunds (
  refund_id text not null,
  charge_id text not null,
  idempotency_key text not null,
  status text not null,
  amount_paise bigint not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  imported_at timestamptz not null default now(),
  constraint provider_statement_refunds_pkey primary key (refund_id)
);
create index provider_statement_refunds_by_key on provider_statement_refunds (idempotency_key);
create index provider_statement_refunds_by_import on provider_statement_refunds (imported_at);

-- One comparison of the provider's books, ours and the bookings. One goes on at a time; one whose heart stopped has
-- died, and the next takes its place.
create table reconciliation_runs (
  run_id bigint generated always as identity,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text,
  error text,
  -- Everything that changed before this has been compared when the run is complete.
  compares_until timestamptz not null,
  -- How far the statement has been read.
  charges_position text,
  refunds_position text,
  charges_read integer not null default 0,
  refunds_read integer not null default 0,
  payments_compared integer not null default 0,
  differences_seen integer not null default 0,
  constraint reconciliation_runs_pkey primary key (run_id),
  constraint reconciliation_runs_outcome_known check (outcome in ('COMPLETE', 'FAILED', 'ABANDONED')),
  constraint reconciliation_runs_finished check ((finished_at is null) = (outcome is null)),
  constraint reconciliation_runs_failed_has_error check ((outcome = 'FAILED') = (error is not null))
);
create unique index reconciliation_runs_one_at_a_time on reconciliation_runs ((true)) where finished_at is null;
create index reconciliation_runs_complete on reconciliation_runs (run_id) where outcome = 'COMPLETE';

-- Payments that have yet to be compared. What is being changed at that moment stays for the next run. It refers to
-- no payment, because that would wait for whoever is changing it.
create table reconciliation_subjects (
  payment_id bigint not null,
  constraint reconciliation_subjects_pkey primary key (payment_id)
);

create table reconciliation_differences (
  difference_id bigint generated always as identity,
  kind text not null,
  -- What it is about, such as `payment 12` or the provider's `charge ch_7`.
  subject text not null,
  payment_id bigint,
  refund_id bigint,
  detail text not null,
  -- How it is repaired; null when only an operator can.
  repair text,
  repairs integer not null default 0,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now(),
  resolved_at timestamptz,
  constraint reconciliation_differences_pkey primary key (difference_id),
  constraint reconciliation_differences_payment_fkey foreign key (payment_id) references payments (payment_id),
  constraint reconciliation_differences_refund_fkey foreign key (refund_id) references refunds (refund_id)
);
create unique index reconciliation_differences_open on reconciliation_differences (kind, subject)
  where resolved_at is null;
create index reconciliation_differences_by_payment on reconciliation_differences (payment_id)
  where resolved_at is null;
create trigger reconciliation_differences_stay before delete on reconciliation_differences
  for each row execute function refuse_change();

-- What is under way is always looked at, for it may have been forgotten.
create index payments_unsettled on payments (payment_id)
  where status in ('PROCESSING', 'REFUNDING') or (status = 'SUCCEEDED' and confirmed_at is null);
