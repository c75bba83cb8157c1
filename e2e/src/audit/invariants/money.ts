import type { Invariant } from '../invariant.js';

/** What refuses changes of rows that say where money went, and of the histories. */
const GUARDS = `(values
  ('ledger_transactions', 'ledger_transactions_stay'), ('ledger_transactions', 'ledger_transactions_stay_whole'),
  ('ledger_entries', 'ledger_entries_stay'), ('ledger_entries', 'ledger_entries_stay_whole'),
  ('payments', 'payments_stay'), ('refunds', 'refunds_stay')) as guard (table_name, trigger_name)`;

/** What the provider has settled by now: a row becomes its outcome when its time has come, whoever looks first. */
const PROVIDER_CAPTURES = `
  select charge_id as key, coalesce(capture_paise, amount_paise) || ' paise' as value from mock_provider.charges
  where status = 'CAPTURED'
    or (status in ('PENDING', 'DECLINED') and outcome = 'CAPTURED' and settles_at <= now())`;
const PROVIDER_REFUNDS = `
  select refund_id as key, amount_paise || ' paise' as value from mock_provider.refunds
  where status = 'SUCCEEDED' or (status = 'PENDING' and outcome = 'SUCCEEDED' and settles_at <= now())`;

/** What operators gave back that no booking knows of, as `extra (payment_id, paise)`. */
const BY_OPERATORS = `(
  select payment_id, sum(amount_paise) as paise from refunds where reason_code = 'operator'
  group by payment_id) as extra`;

/** What comes back of a booking `b`: as it was cancelled, and the fee that an operator gave back later. */
const DUE = `(coalesce(b.refund_paise, 0) + coalesce(
  (select amount_paise from returned_fees r where r.booking_id = b.booking_id), 0))`;

/** Where the money is. */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I14',
    statement: 'Money that is kept belongs to a booking that took it, and the rest went back in full',
    when: 'settled',
    check: {
      complete: 'both',
      left: {
        database: 'payment-service',
        sql: `
          select payment_id::text as key, format('%s paise kept for booking %s',
            captured_paise - refunded_paise + coalesce(extra.paise, 0), booking_id) as value
          from payments left join ${BY_OPERATORS} using (payment_id)
          where captured_paise > refunded_paise - coalesce(extra.paise, 0)`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select p.payment_id::text as key, format('%s paise kept for booking %s',
            p.amount_paise - ${DUE}, p.booking_id) as value
          from booking_payments p join bookings b using (booking_id)
          where p.verdict = 'accepted' and p.amount_paise > ${DUE}`,
      },
    },
  },
  {
    id: 'I14b',
    statement: 'Every payment and every refund has come to its end',
    when: 'settled',
    check: {
      database: 'payment-service',
      sql: `
        select format('payment %s of booking %s is %s', payment_id, booking_id, status) as offender
        from payments where status = 'REFUNDING' or (status = 'SUCCEEDED' and confirmed_at is null)
          or (status = 'PROCESSING' and challenge_url is null)
        union all
        select format('refund %s of payment %s is %s', refund_id, payment_id, status)
        from refunds where status = 'PENDING'`,
    },
  },
  {
    id: 'I14c',
    statement: 'No refund was given up (an operator starts it again)',
    when: 'shown',
    check: {
      database: 'payment-service',
      sql: `
        select format('refund %s of payment %s: %s', refund_id, payment_id, stuck_reason) as offender
        from refunds where status = 'STUCK'`,
    },
  },
  {
    id: 'I15',
    statement: 'What was refunded of a payment is the sum of its refunds, and no more than was captured',
    when: 'always',
    check: {
      database: 'payment-service',
      sql: `
        select format('payment %s: captured %s, refunded %s, refunds %s', p.payment_id, p.captured_paise, p.refunded_paise,
          coalesce(sum(r.amount_paise), 0)) as offender
        from payments p left join refunds r using (payment_id)
        group by p.payment_id, p.captured_paise, p.refunded_paise
        having p.refunded_paise <> coalesce(sum(r.amount_paise), 0) or p.refunded_paise > p.captured_paise`,
    },
  },
  {
    id: 'I16',
    statement: 'Every transaction of the ledger sums to zero, and so does the whole',
    when: 'always',
    check: {
      database: 'payment-service',
      sql: `
        select format('transaction %s sums to %s', t.transaction_id, coalesce(sum(e.amount_paise)::text, 'nothing')) as offender
        from ledger_transactions t left join ledger_entries e using (transaction_id)
        group by t.transaction_id having sum(e.amount_paise) is distinct from 0
        union all
        select format('the whole sums to %s', sum(amount_paise)) from ledger_entries having sum(amount_paise) <> 0`,
    },
  },
  {
    id: 'I16b',
    statement: 'The database refuses changes of the ledger, payments and refunds',
    when: 'always',
    check: {
      database: 'payment-service',
      sql: `
        select format('%s lacks %s', table_name, trigger_name) as offender from ${GUARDS}
        where not exists (select from pg_trigger t where t.tgname = trigger_name and t.tgenabled <> 'D'
          and t.tgrelid = to_regclass(table_name))`,
    },
  },
  {
    id: 'I16c',
    statement: 'The ledger has every capture, sale, fee and refund with the amount of its payment',
    when: 'always',
    check: {
      database: 'payment-service',
      sql: `
        with posted as (
          select t.payment_id, t.kind, sum(e.amount_paise) as paise
          from ledger_transactions t join ledger_entries e using (transaction_id)
          where e.amount_paise > 0 group by t.payment_id, t.kind
        ), refunded as (
          select payment_id, sum(amount_paise) as owed, sum(amount_paise) filter (where status = 'SUCCEEDED') as paid
          from refunds group by payment_id
        ), expected as (
          select payment_id, 'CAPTURE' as kind, captured_paise::numeric as paise from payments where captured_paise > 0
          union all select payment_id, 'SALE', captured_paise from payments where confirmed_at is not null
          union all select payment_id, 'REFUND_OWED', owed from refunded
          union all select payment_id, 'CANCELLATION_FEE', captured_paise - r.amount_paise
            from payments join refunds r using (payment_id)
            where r.reason_code = 'cancelled' and captured_paise > r.amount_paise
          union all select payment_id, 'REFUND_PAID', paid from refunded where paid > 0
        )
        select format('payment %s, %s: %s in the ledger, %s by its rows', payment_id, kind,
          coalesce(p.paise::text, 'nothing'), coalesce(x.paise::text, 'nothing')) as offender
        from (select * from posted where kind in ('CAPTURE', 'SALE', 'CANCELLATION_FEE', 'REFUND_OWED', 'REFUND_PAID')) p
        full join expected x using (payment_id, kind)
        where p.paise is distinct from x.paise`,
    },
  },
  {
    id: 'I16d',
    statement: 'No money waits for a booking or for its refund',
    when: 'settled',
    check: {
      database: 'payment-service',
      sql: `
        select format('%s holds %s paise', account, balance_paise) as offender from ledger_balances
        where account in ('customer_deposits', 'refunds_payable') and balance_paise <> 0`,
    },
  },
  {
    id: 'I18',
    statement: 'What went back of an accepted payment is what its booking says comes back',
    when: 'settled',
    check: {
      complete: 'both',
      left: {
        database: 'payment-service',
        sql: `
          select payment_id::text as key, format('%s paise of booking %s', sum(r.amount_paise), p.booking_id) as value
          from payments p join refunds r using (payment_id)
          where p.refusal_reason is null and r.reason_code <> 'operator'
          group by payment_id, p.booking_id`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select payment_id::text as key, format('%s paise of booking %s', ${DUE}, booking_id) as value
          from bookings b where status = 'CANCELLED' and payment_id is not null and ${DUE} > 0`,
      },
    },
  },
  {
    id: 'I18d',
    statement:
      'A cancellation fee that was given back is refunded once, unless a correction had done so before',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'payment-service',
        sql: `
          select payment_id::text as key, string_agg(amount_paise || ' paise', ' and ') as value
          from refunds where reason_code = 'fee_returned' group by payment_id`,
      },
      right: {
        database: 'booking-service',
        sql: `select payment_id::text as key, amount_paise || ' paise' as value from returned_fees`,
      },
    },
  },
  {
    id: 'I19',
    statement: 'The captures of the provider are those of our payments',
    when: 'settled',
    check: {
      complete: 'both',
      left: { database: 'payment-service', sql: PROVIDER_CAPTURES },
      right: {
        database: 'payment-service',
        sql: `
          select provider_charge_id as key, captured_paise || ' paise' as value from payments where captured_paise > 0`,
      },
    },
  },
  {
    id: 'I19b',
    statement: 'The refunds of the provider are ours',
    when: 'settled',
    check: {
      complete: 'both',
      left: {
        database: 'payment-service',
        sql: PROVIDER_REFUNDS,
      },
      right: {
        database: 'payment-service',
        sql: `
          select a.provider_refund_id as key, r.amount_paise || ' paise' as value
          from refund_attempts a join refunds r using (refund_id) where a.status = 'SUCCEEDED'`,
      },
    },
  },
];
