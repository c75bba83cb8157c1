-- The mock provider learns what real ones do: it asks the customer's bank to approve, changes its mind, takes
-- another amount than it was asked for, fails refunds after it has accepted them, tells of all that by webhooks,
-- and gives a statement. One rule moves everything: a row becomes its `outcome` when its time has come.

-- CHALLENGED waits for the customer to approve; `settles_at` is then when that is too late. A charge that is
-- DECLINED with another outcome will be captured after all.
alter table mock_provider.charges
  add column capture_paise bigint,
  add column challenge_token text,
  add column changed_in xid8 not null default pg_current_xact_id(),
  add column changed_at timestamptz not null default now(),
  drop constraint charges_status_known,
  drop constraint charges_declined_has_reason,
  add constraint charges_status_known check (status in ('PENDING', 'CHALLENGED', 'CAPTURED', 'DECLINED', 'ABANDONED')),
  add constraint charges_declined_has_reason
    check ((outcome = 'DECLINED' or status = 'DECLINED') = (decline_reason is not null)),
  add constraint charges_capture_positive check (capture_paise > 0),
  add constraint charges_challenge_token_unique unique (challenge_token),
  add constraint charges_challenged_has_token check (status <> 'CHALLENGED' or challenge_token is not null);
comment on column mock_provider.charges.capture_paise is 'What is taken if anything is; null means what was asked.';

-- A refund may be accepted and fail later. What failed was not given back.
alter table mock_provider.refunds
  add column status text not null default 'SUCCEEDED',
  add column outcome text not null default 'SUCCEEDED',
  add column failure_reason text,
  add column settles_at timestamptz not null default now(),
  add column changed_in xid8 not null default pg_current_xact_id(),
  add column changed_at timestamptz not null default now(),
  add constraint refunds_status_known check (status in ('PENDING', 'SUCCEEDED', 'FAILED')),
  add constraint refunds_outcome_known check (outcome in ('SUCCEEDED', 'FAILED')),
  add constraint refunds_failed_has_reason check ((outcome = 'FAILED') = (failure_reason is not null));

-- The statement is read in the order of the transactions that changed its rows, up to the oldest that still runs:
-- nothing can appear later in front of what a reader has already seen.
create function mock_provider.note_change() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  new.changed_at := now();
  return new;
end $$;
create trigger charges_note_change before update on mock_provider.charges
  for each row execute function mock_provider.note_change();
create trigger refunds_note_change before update on mock_provider.refunds
  for each row execute function mock_provider.note_change();
create index charges_by_change on mock_provider.charges (changed_in, charge_id);
create index refunds_by_change on mock_provider.refunds (changed_in, refund_id);

-- What the provider tells us by webhook. The row and the jobs that deliver it are written in the transaction that
-- makes it true, so nothing that happened goes untold.
create table mock_provider.events (
  event_id text not null default 'evt_' || replace(gen_random_uuid()::text, '-', ''),
  type text not null,
  charge_id text not null,
  refund_id text,
  idempotency_key text not null,
  amount_paise bigint not null,
  currency text not null default 'INR',
  created_at timestamptz not null default now(),
  -- When we first acknowledged it.
  delivered_at timestamptz,
  constraint events_pkey primary key (event_id),
  constraint events_charge_fkey foreign key (charge_id) references mock_provider.charges (charge_id),
  constraint events_refund_fkey foreign key (refund_id) references mock_provider.refunds (refund_id),
  constraint events_type_known check (
    type in ('payment.captured', 'payment.failed', 'refund.created', 'refund.succeeded', 'refund.failed')
  ),
  constraint events_refund_named check ((refund_id is not null) = (type like 'refund.%'))
);
create index events_by_charge on mock_provider.events (charge_id);
