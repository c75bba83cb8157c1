-- Refuses what must never happen to rows that say where money went.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are append-only', tg_table_name
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end $$;

-- The moves that a payment may make. src/payments/payment.ts has the same table; a test compares the two.
create table payment_moves (
  from_status text not null,
  to_status text not null,
  constraint payment_moves_pkey primary key (from_status, to_status)
);
insert into payment_moves (from_status, to_status) values
  ('PROCESSING', 'SUCCEEDED'),
  ('PROCESSING', 'FAILED'),
  ('FAILED', 'SUCCEEDED'),
  ('FAILED', 'REFUNDING'),
  ('SUCCEEDED', 'REFUNDING'),
  ('REFUNDING', 'REFUNDED');

-- One attempt to pay for a booking. The row is written before the provider is asked, so that no charge exists
-- which nobody here knows of, and it carries the key under which the provider is asked.
create table payments (
  payment_id bigint generated always as identity,
  booking_id bigint not null,
  user_id bigint not null,
  amount_paise bigint not null,
  currency text not null default 'INR',
  method_token text not null,
  card_last_four text,
  idempotency_key uuid not null default gen_random_uuid(),
  status text not null default 'PROCESSING',
  provider_charge_id text,
  captured_paise bigint not null default 0,
  -- Owed back or given back; kept by the trigger on refunds.
  refunded_paise bigint not null default 0,
  decline_reason text,
  -- What booking-service last said of the booking, and whether it took this payment or why it did not.
  booking_status text not null default 'PENDING',
  confirmed_at timestamptz,
  refusal_reason text,
  created_at timestamptz not null default now(),
  captured_at timestamptz,
  constraint payments_pkey primary key (payment_id),
  constraint payments_idempotency_key_unique unique (idempotency_key),
  constraint payments_provider_charge_unique unique (provider_charge_id),
  constraint payments_amount_positive check (amount_paise > 0),
  constraint payments_currency_known check (currency = 'INR'),
  constraint payments_status_known check (status in ('PROCESSING', 'SUCCEEDED', 'FAILED', 'REFUNDING', 'REFUNDED')),
  constraint payments_captured_with_status
    check ((captured_paise > 0) = (status in ('SUCCEEDED', 'REFUNDING', 'REFUNDED'))),
  constraint payments_capture_complete
    check ((captured_paise > 0) = (captured_at is not null and provider_charge_id is not null)),
  constraint payments_refunds_within_capture check (refunded_paise between 0 and captured_paise),
  constraint payments_refunded_in_full check (status <> 'REFUNDED' or refunded_paise = captured_paise),
  constraint payments_failed_has_reason check (status <> 'FAILED' or decline_reason is not null),
  constraint payments_confirmed_or_refused check (confirmed_at is null or refusal_reason is null),
  -- The last line against card numbers at rest.
  constraint payments_method_is_no_card_number check (method_token !~ '[0-9]{12,}'),
  constraint payments_last_four_is_four check (card_last_four ~ '^[0-9]{4}$')
);
-- A booking is being paid, or is paid, at most once. It may be tried again after a failure or a refund.
create unique index payments_one_live_per_booking on payments (booking_id)
  where status in ('PROCESSING', 'SUCCEEDED');
create index payments_by_booking on payments (booking_id);
create index payments_by_user on payments (user_id, payment_id desc);

create function refuse_illegal_payment_move() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.status = 'PROCESSING' then
    return new;
  end if;
  if tg_op = 'UPDATE' and exists (
    select from payment_moves where from_status = old.status and to_status = new.status
  ) then
    return new;
  end if;
  raise exception 'a payment cannot become %', new.status
    using errcode = 'check_violation', constraint = 'payments_move_legal';
end $$;
create trigger payments_begin_processing before insert on payments
  for each row execute function refuse_illegal_payment_move();
create trigger payments_move_legally before update on payments
  for each row when (old.status is distinct from new.status) execute function refuse_illegal_payment_move();
create trigger payments_stay before delete on payments for each row execute function refuse_change();
