-- A cancelled booking may get back less than came in: its payment is then PARTIALLY_REFUNDED. What was kept can
-- still go back later, when an operator decides so.
insert into payment_moves (from_status, to_status) values
  ('REFUNDING', 'PARTIALLY_REFUNDED'),
  ('PARTIALLY_REFUNDED', 'REFUNDING');
alter table payments
  drop constraint payments_status_known,
  drop constraint payments_captured_with_status,
  add constraint payments_status_known check (
    status in ('PROCESSING', 'SUCCEEDED', 'FAILED', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED')
  ),
  add constraint payments_captured_with_status check (
    (captured_paise > 0) = (status in ('SUCCEEDED', 'REFUNDING', 'PARTIALLY_REFUNDED', 'REFUNDED'))
  ),
  add constraint payments_refunded_in_part check (
    status <> 'PARTIALLY_REFUNDED' or (refunded_paise > 0 and refunded_paise < captured_paise)
  );

-- Whoever reconciles looks at what has changed since it last looked.
create function note_change() returns trigger language plpgsql as $$
begin
  new.changed_at := now();
  return new;
end $$;
alter table payments add column changed_at timestamptz not null default now();
create trigger payments_note_change before update on payments for each row execute function note_change();
create index payments_by_change on payments (changed_at);

-- A refund that the provider failed as often as it may is STUCK until an operator starts it again: then its
-- attempts are counted from `attempts_before` on.
alter table refunds
  add column stuck_reason text,
  add column next_attempt_at timestamptz not null default now(),
  add column attempts_before integer not null default 0,
  add column changed_at timestamptz not null default now(),
  drop constraint refunds_status_known,
  drop constraint refunds_reason_code_known,
  add constraint refunds_status_known check (status in ('PENDING', 'SUCCEEDED', 'STUCK')),
  add constraint refunds_reason_code_known check (reason_code in (
    'expired', 'seats_lost', 'cancelled', 'already_paid', 'not_payable', 'amount_mismatch', 'operator', 'correction'
  )),
  add constraint refunds_stuck_has_reason check ((status = 'STUCK') = (stuck_reason is not null));
comment on column refunds.idempotency_key is 'The key of the first attempt; every later one has a key of its own.';
create trigger refunds_note_change before update on refunds for each row execute function note_change();
create index refunds_by_change on refunds (changed_at);
create index refunds_stuck on refunds (refund_id) where status = 'STUCK';
-- The cancellation of a booking gives back of a payment once, and so does each correction or operator.
create unique index refunds_one_per_cancellation on refunds (payment_id) where reason_code = 'cancelled';

-- Each time that the provider is asked for a refund. The row is committed before the provider is asked; another
-- may follow only when the provider has said that this one failed, so that no two of them can both pay.
create table refund_attempts (
  refund_id bigint not null,
  attempt integer not null,
  idempotency_key uuid not null default gen_random_uuid(),
  status text not null default 'PENDING',
  provider_refund_id text,
  failure_reason text,
  created_at timestamptz not null default now(),
  -- When we learned that the provider works on it.
  accepted_at timestamptz,
  ended_at timestamptz,
  constraint refund_attempts_pkey primary key (refund_id, attempt),
  constraint refund_attempts_refund_fkey foreign key (refund_id) references refunds (refund_id),
  constraint refund_attempts_idempotency_key_unique unique (idempotency_key),
  constraint refund_attempts_provider_refund_unique unique (provider_refund_id),
  constraint refund_attempts_attempt_positive check (attempt > 0),
  constraint refund_attempts_status_known check (status in ('PENDING', 'SUCCEEDED', 'FAILED')),
  constraint refund_attempts_ended check ((status = 'PENDING') = (ended_at is null)),
  constraint refund_attempts_failed_has_reason check ((status = 'FAILED') = (failure_reason is not null)),
  constraint refund_attempts_accepted check ((provider_refund_id is null) = (accepted_at is null)),
  constraint refund_attempts_succeeded_accepted check (status <> 'SUCCEEDED' or provider_refund_id is not null)
);
-- Neither two live attempts nor another after the money is back.
create unique index refund_attempts_one_live on refund_attempts (refund_id) where status <> 'FAILED';

insert into refund_attempts
  (refund_id, attempt, idempotency_key, status, provider_refund_id, created_at, accepted_at, ended_at)
select refund_id, 1, idempotency_key, status, provider_refund_id, created_at, completed_at, completed_at from refunds;

create function note_refund_attempt() returns trigger language plpgsql as $$
begin
  update refunds set changed_at = now() where refund_id = new.refund_id;
  return null;
end $$;
create trigger refund_attempts_noted after insert or update on refund_attempts
  for each row execute function note_refund_attempt();
create trigger refund_attempts_keep_their_key before update on refund_attempts
  for each row when (old.idempotency_key <> new.idempotency_key or old.refund_id <> new.refund_id or old.status = 'SUCCEEDED')
  execute function refuse_change();
create trigger refund_attempts_stay before delete on refund_attempts for each row execute function refuse_change();

-- What a cancellation keeps has an account of its own.
alter table ledger_transactions
  drop constraint ledger_transactions_kind_known,
  add constraint ledger_transactions_kind_known
    check (kind in ('CAPTURE', 'SALE', 'CANCELLATION_FEE', 'REFUND_OWED', 'REFUND_PAID'));
alter table ledger_entries
  drop constraint ledger_entries_account_known,
  add constraint ledger_entries_account_known check (account in (
    'provider_clearing', 'customer_deposits', 'booking_sales', 'cancellation_fees', 'refunds_payable'
  ));

-- The provider names things by the keys that it was given, as text.
create index payments_by_provider_key on payments ((idempotency_key::text));
create index refund_attempts_by_provider_key on refund_attempts ((idempotency_key::text));
