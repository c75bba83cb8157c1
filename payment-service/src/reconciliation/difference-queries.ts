import type { DifferenceKind } from './difference.js';

/** Kinds that are looked for payment by payment. */
export type PaymentDifferenceKind = Exclude<
  DifferenceKind,
  'charge_not_ours' | 'refund_not_ours' | 'booking_without_payment'
>;

/** What the queries below read, of the payments that are compared; each is one row per thing. */
const BOOKS = `
  compared as (select * from payments where payment_id = any($1::bigint[])),
  charged as (
    select p.payment_id, s.* from compared p
    join provider_statement_charges s on s.idempotency_key = p.idempotency_key::text),
  owed as (select * from refunds where payment_id = any($1::bigint[])),
  asked as (
    select o.payment_id, o.refund_id, a.attempt, a.status, s.status as made, s.amount_paise as made_paise
    from owed o join refund_attempts a using (refund_id)
    left join provider_statement_refunds s on s.idempotency_key = a.idempotency_key::text),
  sums as (
    select p.payment_id, coalesce(sum(o.amount_paise), 0) as owed_paise,
      coalesce(sum(o.amount_paise) filter (where o.status = 'SUCCEEDED'), 0) as paid_paise,
      coalesce(sum(o.amount_paise) filter (where o.reason_code <> 'operator'), 0) as ruled_paise
    from compared p left join owed o using (payment_id) group by p.payment_id),
  entered as (
    select t.payment_id, t.kind, sum(e.amount_paise) as paise
    from ledger_transactions t join ledger_entries e using (transaction_id)
    where t.payment_id = any($1::bigint[]) and e.amount_paise > 0 group by t.payment_id, t.kind),
  told as (
    select * from jsonb_to_recordset($2::jsonb)
      as state (payment_id bigint, booking_id bigint, booking_status text, verdict text, refund_due_paise bigint)),
  limits as (select now() - $3 * interval '1 millisecond' as overdue)`;

const enteredPaise = (kind: string): string =>
  `coalesce((select paise from entered e where e.payment_id = p.payment_id and e.kind = '${kind}'), 0)`;

/** How each kind is found: payment, refund if it is about one, and what each book says. */
const FINDERS: Readonly<Record<PaymentDifferenceKind, string>> = {
  capture_not_entered: `
    select payment_id, null::bigint as refund_id, format('The provider captured %s paise.', c.amount_paise) as detail
    from charged c join compared p using (payment_id) where c.status = 'CAPTURED' and p.captured_paise = 0`,
  capture_unknown_to_provider: `
    select payment_id, null::bigint, format('Captured %s paise here; the statement does not.', p.captured_paise)
    from compared p where p.captured_paise > 0 and not exists (
      select from charged c where c.payment_id = p.payment_id and c.status = 'CAPTURED')`,
  capture_differs: `
    select payment_id, null::bigint, format('Here %s, %s paise; at the provider %s, %s paise.',
      p.provider_charge_id, p.captured_paise, c.charge_id, c.amount_paise)
    from charged c join compared p using (payment_id)
    where c.status = 'CAPTURED' and p.captured_paise > 0
      and (c.amount_paise, c.charge_id) is distinct from (p.captured_paise, p.provider_charge_id)`,
  refund_not_entered: `
    select payment_id, refund_id, format('Attempt %s is %s at the provider.', attempt, made)
    from asked where status = 'PENDING' and made in ('SUCCEEDED', 'FAILED')`,
  refund_unknown_to_provider: `
    select payment_id, refund_id, format('Paid back %s paise here; the statement does not.', o.amount_paise)
    from owed o where o.status = 'SUCCEEDED' and not exists (
      select from asked a where a.refund_id = o.refund_id and a.status = 'SUCCEEDED' and a.made = 'SUCCEEDED')`,
  refund_differs: `
    select payment_id, refund_id, format('%s paise here; %s at the provider.', o.amount_paise, a.made_paise)
    from asked a join owed o using (payment_id, refund_id) where a.made <> 'FAILED' and a.made_paise <> o.amount_paise`,
  failed_refund_paid: `
    select payment_id, refund_id, format('Attempt %s failed here and is %s at the provider.', attempt, made)
    from asked where status = 'FAILED' and made <> 'FAILED'`,
  payment_overdue: `
    select payment_id, null::bigint, format('Begun at %s and not decided.', p.created_at)
    from compared p, limits where p.status = 'PROCESSING' and p.created_at < overdue`,
  refund_overdue: `
    select payment_id, refund_id, format('Owed since %s and not paid.', o.created_at)
    from owed o, limits where o.status = 'PENDING' and greatest(o.created_at, o.next_attempt_at) < overdue`,
  refund_stuck: `select payment_id, refund_id, stuck_reason from owed where status = 'STUCK'`,
  booking_not_told: `
    select payment_id, null::bigint, format('Captured at %s; booking-service has not answered.', p.captured_at)
    from compared p where p.status = 'SUCCEEDED' and p.confirmed_at is null`,
  refund_not_owed: `
    select payment_id, null::bigint, format('Due %s paise; owed or paid %s.', t.refund_due_paise, s.ruled_paise)
    from told t join sums s using (payment_id)
    where t.verdict = 'accepted' and t.booking_status = 'CANCELLED' and t.refund_due_paise > s.ruled_paise`,
  refunded_beyond_due: `
    select payment_id, null::bigint, format('Due %s paise of a booking that is %s; owed or paid %s.',
      t.refund_due_paise, t.booking_status, s.owed_paise)
    from told t join sums s using (payment_id)
    where t.verdict = 'accepted' and (s.ruled_paise > t.refund_due_paise
      or (s.owed_paise > 0 and t.booking_status in ('CONFIRMED', 'TICKETED')))`,
  sale_unknown_to_booking: `
    select payment_id, null::bigint, format('Sold here; booking-service says %s.', coalesce(t.verdict, 'nothing'))
    from compared p left join told t using (payment_id)
    where p.confirmed_at is not null and t.verdict is distinct from 'accepted'`,
  booking_paid_without_capture: `
    select payment_id, null::bigint, format('Booking %s is %s with it; it is %s and nothing was captured.',
      t.booking_id, t.booking_status, p.status)
    from told t join compared p using (payment_id)
    where t.verdict = 'accepted' and t.booking_status in ('CONFIRMED', 'TICKETED') and p.captured_paise = 0`,
  ledger_differs: `
    select payment_id, null::bigint, format('The ledger has %s captured, %s sold, %s owed, %s paid back.',
      ${enteredPaise('CAPTURE')}, ${enteredPaise('SALE')}, ${enteredPaise('REFUND_OWED')}, ${enteredPaise('REFUND_PAID')})
    from compared p join sums s using (payment_id)
    where (${enteredPaise('CAPTURE')}, ${enteredPaise('SALE')}, ${enteredPaise('REFUND_OWED')}, ${enteredPaise('REFUND_PAID')})
        is distinct from (p.captured_paise, case when p.confirmed_at is null then 0 else p.captured_paise end,
          s.owed_paise, s.paid_paise)
      or s.owed_paise <> p.refunded_paise`,
  webhook_differs: `
    select payment_id, e.refund_id, format('Event %s, %s: %s', e.event_id, e.type, e.reason)
    from provider_events e join compared p using (payment_id) left join owed o using (payment_id, refund_id)
    where e.outcome = 'MISMATCH' and (e.currency <> p.currency
      or e.amount_paise <> case when e.refund_id is not null then o.amount_paise
        when p.captured_paise > 0 then p.captured_paise else p.amount_paise end
      or e.charge_id <> p.provider_charge_id
      or (e.refund_id is not null and not exists (
        select from refund_attempts a
        where a.refund_id = e.refund_id and a.provider_refund_id = e.provider_refund_id)))`,
};

/**
 * Everything in which the books of some payments differ, in one statement and so of one moment. Its values: the
 * payments, what booking-service says of them (JSON), and after how many milliseconds a thing is overdue.
 */
export const FIND_DIFFERENCES = {
  name: 'find-differences',
  text: `with ${BOOKS}
    select distinct on (kind, subject) * from (
      select kind, case when refund_id is null then 'payment ' || payment_id else 'refund ' || refund_id end as subject,
        payment_id as "paymentId", refund_id as "refundId", detail
      from (${Object.entries(FINDERS)
        .map(([kind, finder]) => `select '${kind}' as kind, found.* from (${finder}) as found`)
        .join('\nunion all\n')}) as found
    ) as named order by kind, subject`,
};

/**
 * What the provider has done that nobody here asked for: of what was read since an instant ($1), of what was seen to
 * differ before, and not of what changed after an instant ($2); and bookings that stand with a payment that nobody made.
 */
export const FIND_STRANGERS = {
  name: 'find-strangers',
  text: `
    select kind, subject, null::bigint as "paymentId", null::bigint as "refundId", detail from (
      select 'charge_not_ours' as kind, 'charge ' || charge_id as subject, imported_at, changed_at,
        format('%s paise under the key %s.', amount_paise, idempotency_key) as detail
      from provider_statement_charges s where status = 'CAPTURED' and not exists (
        select from payments p where p.idempotency_key::text = s.idempotency_key)
      union all
      select 'refund_not_ours', 'provider refund ' || refund_id, imported_at, changed_at,
        format('%s paise of charge %s under the key %s.', amount_paise, charge_id, idempotency_key)
      from provider_statement_refunds s where status <> 'FAILED' and not exists (
        select from refund_attempts a where a.idempotency_key::text = s.idempotency_key)
    ) as strange
    where changed_at <= $2 and (imported_at >= $1 or (kind, subject) in (
      select d.kind, d.subject from reconciliation_differences d where d.resolved_at is null))
    union all
    select 'booking_without_payment', 'payment ' || payment_id, null, null,
      format('Booking %s stands with payment %s, which does not exist.', booking_id, payment_id)
    from unknown_payments u where not exists (select from payments p where p.payment_id = u.payment_id)`,
};
