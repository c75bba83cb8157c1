-- While a customer has to approve a charge: where. And when a payment was anything, for its timeline.
alter table payments add column challenge_url text, add column challenged_at timestamptz;

create table payment_history (
  entry_id bigint generated always as identity,
  payment_id bigint not null,
  status text not null,
  at timestamptz not null default now(),
  constraint payment_history_pkey primary key (entry_id),
  constraint payment_history_payment_fkey foreign key (payment_id) references payments (payment_id)
);
create index payment_history_by_payment on payment_history (payment_id, entry_id);
insert into payment_history (payment_id, status, at)
  select payment_id, 'PROCESSING', created_at from payments
  union all select payment_id, 'SUCCEEDED', captured_at from payments where captured_at is not null
  order by 3;

create function note_payment_status() returns trigger language plpgsql as $$
begin
  insert into payment_history (payment_id, status) values (new.payment_id, new.status);
  return null;
end $$;
create trigger payments_note_begin after insert on payments
  for each row execute function note_payment_status();
create trigger payments_note_move after update on payments
  for each row when (old.status is distinct from new.status) execute function note_payment_status();
create trigger payment_history_stays before update or delete on payment_history
  for each row execute function refuse_change();

-- Every webhook that came with a good signature, once, however often it came. It is a hint and no more: what it led
-- to is that the provider was asked. `payment_id` and `refund_id` are what its key belongs to.
create table provider_events (
  event_id text not null,
  type text not null,
  charge_id text not null,
  provider_refund_id text,
  idempotency_key text not null,
  amount_paise bigint not null,
  currency text not null,
  payment_id bigint,
  refund_id bigint,
  outcome text not null,
  reason text,
  -- By the provider's clock.
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  last_received_at timestamptz not null default now(),
  deliveries integer not null default 1,
  constraint provider_events_pkey primary key (event_id),
  constraint provider_events_payment_fkey foreign key (payment_id) references payments (payment_id),
  constraint provider_events_refund_fkey foreign key (refund_id) references refunds (refund_id),
  -- ASKED: the provider is asked. KNOWN: we knew already. MISMATCH: it does not say what our row says, and is left to
  -- whoever reconciles; the provider is asked all the same. UNKNOWN: its key is not ours.
  constraint provider_events_outcome_known check (outcome in ('ASKED', 'KNOWN', 'MISMATCH', 'UNKNOWN')),
  constraint provider_events_oddities_have_reasons
    check ((outcome in ('MISMATCH', 'UNKNOWN')) = (reason is not null)),
  constraint provider_events_unknown_is_nobodys check ((outcome = 'UNKNOWN') = (payment_id is null))
);
create index provider_events_by_payment on provider_events (payment_id);
create index provider_events_odd on provider_events (received_at) where outcome in ('MISMATCH', 'UNKNOWN');

create function refuse_other_event() returns trigger language plpgsql as $$
begin
  if (to_jsonb(old) - 'deliveries' - 'last_received_at') <> (to_jsonb(new) - 'deliveries' - 'last_received_at') then
    raise exception 'an event is never changed'
      using errcode = 'restrict_violation', constraint = 'provider_events_append_only';
  end if;
  return new;
end $$;
create trigger provider_events_stay_as_they_are before update on provider_events
  for each row execute function refuse_other_event();
create trigger provider_events_stay before delete on provider_events
  for each row execute function refuse_change();
