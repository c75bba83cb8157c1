-- What the mock payment provider remembers. It stands for a company somewhere else: no table of ours refers to
-- it, no transaction of ours writes to it, and it knows nothing of bookings.
create schema mock_provider;

-- A charge that is PENDING becomes its outcome when its time has come, whoever looks first: the provider goes
-- on working while its caller is gone. ABANDONED keeps a key from ever being charged.
create table mock_provider.charges (
  charge_id text not null default 'ch_' || replace(gen_random_uuid()::text, '-', ''),
  idempotency_key text not null,
  status text not null,
  amount_paise bigint not null,
  method_token text,
  outcome text not null,
  decline_reason text,
  settles_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint charges_pkey primary key (charge_id),
  constraint charges_idempotency_key_unique unique (idempotency_key),
  constraint charges_status_known check (status in ('PENDING', 'CAPTURED', 'DECLINED', 'ABANDONED')),
  constraint charges_outcome_known check (outcome in ('CAPTURED', 'DECLINED', 'ABANDONED')),
  constraint charges_declined_has_reason check ((outcome = 'DECLINED') = (decline_reason is not null)),
  constraint charges_amount_unless_abandoned check ((amount_paise > 0) = (outcome <> 'ABANDONED'))
);

create table mock_provider.refunds (
  refund_id text not null default 're_' || replace(gen_random_uuid()::text, '-', ''),
  idempotency_key text not null,
  charge_id text not null,
  amount_paise bigint not null,
  created_at timestamptz not null default now(),
  constraint refunds_pkey primary key (refund_id),
  constraint refunds_idempotency_key_unique unique (idempotency_key),
  constraint refunds_charge_fkey foreign key (charge_id) references mock_provider.charges (charge_id),
  constraint refunds_amount_positive check (amount_paise > 0)
);
create index refunds_by_charge on mock_provider.refunds (charge_id);
