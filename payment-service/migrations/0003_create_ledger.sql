-- Every movement of money, by double entry. A transaction has entries that sum to zero: debits are positive,
-- credits negative. Nothing here is ever changed; balances are sums.
create table ledger_transactions (
  transaction_id bigint generated always as identity,
  kind text not null,
  payment_id bigint not null,
  refund_id bigint,
  created_at timestamptz not null default now(),
  constraint ledger_transactions_pkey primary key (transaction_id),
  constraint ledger_transactions_payment_fkey foreign key (payment_id) references payments (payment_id),
  constraint ledger_transactions_refund_fkey foreign key (refund_id) references refunds (refund_id),
  constraint ledger_transactions_kind_known check (kind in ('CAPTURE', 'SALE', 'REFUND_OWED', 'REFUND_PAID')),
  constraint ledger_transactions_refund_named check ((refund_id is not null) = (kind in ('REFUND_OWED', 'REFUND_PAID'))),
  -- A thing happens once, so it is entered once.
  constraint ledger_transactions_once unique nulls not distinct (payment_id, kind, refund_id)
);

create table ledger_entries (
  entry_id bigint generated always as identity,
  transaction_id bigint not null,
  account text not null,
  amount_paise bigint not null,
  constraint ledger_entries_pkey primary key (entry_id),
  constraint ledger_entries_transaction_fkey foreign key (transaction_id)
    references ledger_transactions (transaction_id),
  constraint ledger_entries_account_known
    check (account in ('provider_clearing', 'customer_deposits', 'booking_sales', 'refunds_payable')),
  constraint ledger_entries_amount_not_zero check (amount_paise <> 0)
);
create index ledger_entries_by_transaction on ledger_entries (transaction_id);

create view ledger_balances as
  select account, sum(amount_paise)::bigint as balance_paise from ledger_entries group by account;

create trigger ledger_transactions_stay before update or delete on ledger_transactions
  for each row execute function refuse_change();
create trigger ledger_transactions_stay_whole before truncate on ledger_transactions
  for each statement execute function refuse_change();
create trigger ledger_entries_stay before update or delete on ledger_entries
  for each row execute function refuse_change();
create trigger ledger_entries_stay_whole before truncate on ledger_entries
  for each statement execute function refuse_change();

-- Checked when the database transaction commits, when all entries are there. A transaction without entries is
-- as wrong as one that does not balance.
create function require_balanced_ledger() returns trigger language plpgsql as $$
begin
  if (select sum(amount_paise) from ledger_entries where transaction_id = new.transaction_id) is distinct from 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id
      using errcode = 'check_violation', constraint = 'ledger_sums_to_zero';
  end if;
  return null;
end $$;
create constraint trigger ledger_transactions_balance after insert on ledger_transactions
  deferrable initially deferred for each row execute function require_balanced_ledger();
create constraint trigger ledger_entries_balance after insert on ledger_entries
  deferrable initially deferred for each row execute function require_balanced_ledger();
