-- Money that goes back. The row is the debt: it is written in the transaction that decides the refund, before
-- the provider is asked, and carries the key under which the provider is asked however often that takes.
create table refunds (
  refund_id bigint generated always as identity,
  payment_id bigint not null,
  amount_paise bigint not null,
  -- For programs, and the same in words for people.
  reason_code text not null,
  reason text not null,
  status text not null default 'PENDING',
  idempotency_key uuid not null default gen_random_uuid(),
  provider_refund_id text,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  constraint refunds_pkey primary key (refund_id),
  constraint refunds_payment_fkey foreign key (payment_id) references payments (payment_id),
  constraint refunds_idempotency_key_unique unique (idempotency_key),
  constraint refunds_provider_refund_unique unique (provider_refund_id),
  constraint refunds_amount_positive check (amount_paise > 0),
  constraint refunds_reason_code_known
    check (reason_code in ('expired', 'seats_lost', 'cancelled', 'already_paid', 'not_payable')),
  constraint refunds_status_known check (status in ('PENDING', 'SUCCEEDED')),
  constraint refunds_succeeded_complete
    check ((status = 'SUCCEEDED') = (completed_at is not null and provider_refund_id is not null))
);
create index refunds_by_payment on refunds (payment_id);

-- Counts every refund on its payment, whose constraint then refuses to give back more than came in. The update
-- locks the payment, so refunds that are decided at once are counted one after the other.
create function count_refund() returns trigger language plpgsql as $$
begin
  update payments set refunded_paise = refunded_paise + new.amount_paise where payment_id = new.payment_id;
  return null;
end $$;
create trigger refunds_counted after insert on refunds for each row execute function count_refund();
create trigger refunds_keep_their_amount before update on refunds
  for each row when (old.amount_paise <> new.amount_paise or old.payment_id <> new.payment_id)
  execute function refuse_change();
create trigger refunds_stay before delete on refunds for each row execute function refuse_change();
