import type { Invariant } from '../invariant.js';

/**
 * A series of documents is numbered from one without a gap, in the order in which it was issued, and no number is too
 * long for a tax invoice.
 */
const numbered = (table: string, key: string, number: string): string => `
  select format('%s %s/%s: %s documents, numbers %s to %s, counter %s', '${table}', series, financial_year, count(*),
    min(sequence), max(sequence), c.last_number) as offender
  from ${table} join document_counters c using (series, financial_year)
  group by series, financial_year, c.last_number
  having min(sequence) <> 1 or max(sequence) <> count(*) or count(distinct sequence) <> count(*)
    or c.last_number <> max(sequence)
  union all
  select format('%s %s has number %s after %s', '${table}', ${key}, sequence, before) from (
    select *, lag(sequence) over (partition by series, financial_year order by ${key}) as before from ${table}
  ) ordered where sequence <= before
  union all
  select format('%s is too long or used twice', ${number}) from ${table}
  group by ${number} having count(*) > 1 or length(${number}) > 16`;

/** Tickets, invoices and credit notes. */
export const DOCUMENT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I10b',
    statement: 'A ticket number names one passenger of one ticket',
    when: 'always',
    check: {
      database: 'ticket-service',
      sql: `
        select format('%s is used %s times', ticket_number, count(*)) as offender
        from ticket_numbers group by ticket_number having count(*) > 1`,
    },
  },
  {
    id: 'I17b',
    statement: 'An invoice is for what the booking costs',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'ticket-service',
        sql: `
          select t.booking_id::text as key, i.total_paise || ' paise' as value
          from invoices i join tickets t using (ticket_id)`,
      },
      right: {
        database: 'booking-service',
        sql: `select booking_id::text as key, amount_due_paise || ' paise' as value from bookings`,
      },
    },
  },
  {
    id: 'I20b',
    statement: 'On every invoice central tax equals state tax, and the totals add up',
    when: 'always',
    check: {
      database: 'ticket-service',
      sql: `
        with totals as (
          select invoice_number, total_paise, t.* from invoices, jsonb_to_record(content -> 'totals') as t
            (taxable_paise bigint, cgst_paise bigint, state_tax_paise bigint, igst_paise bigint, pass_through_paise bigint)
        )
        select format('%s: %s + %s + %s + %s + %s, total %s', invoice_number, taxable_paise, cgst_paise, state_tax_paise,
          igst_paise, pass_through_paise, total_paise) as offender
        from totals
        where cgst_paise <> state_tax_paise
          or taxable_paise + cgst_paise + state_tax_paise + igst_paise + pass_through_paise <> total_paise`,
    },
  },
  {
    id: 'I24',
    statement: 'A ticket was issued only for a booking that was paid',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'ticket-service',
        sql: `select booking_id::text as key, 'paid' as value from tickets`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, 'paid' as value from bookings where confirmed_at is not null`,
      },
    },
  },
  {
    id: 'I24b',
    statement: 'No coupon of a booking that is known to be cancelled is open',
    when: 'always',
    check: {
      database: 'ticket-service',
      sql: `
        select format('booking %s: coupon %s of %s', t.booking_id, c.coupon_number, c.ticket_number) as offender
        from coupons c join ticket_numbers n using (ticket_number) join tickets t using (ticket_id)
        join bookings b using (booking_id)
        where c.status = 'OPEN' and b.cancelled_at is not null`,
    },
  },
  {
    id: 'I24c',
    statement: 'A booking is ticketed exactly when it has a ticket with open coupons',
    when: 'settled',
    check: {
      complete: 'both',
      left: {
        database: 'ticket-service',
        sql: `
          select distinct t.booking_id::text as key, 'ticket ' || t.ticket_id as value
          from tickets t join ticket_numbers n using (ticket_id) join coupons c using (ticket_number)
          where c.status = 'OPEN'`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, 'ticket ' || ticket_id as value from bookings where status = 'TICKETED'`,
      },
    },
  },
  {
    id: 'I25',
    statement: 'Invoices are numbered without gaps, in order, within sixteen characters',
    when: 'always',
    check: {
      database: 'ticket-service',
      sql: numbered('invoices', 'invoice_id', 'invoice_number'),
    },
  },
  {
    id: 'I25b',
    statement: 'Credit notes are numbered without gaps, in order, within sixteen characters',
    when: 'always',
    check: {
      database: 'ticket-service',
      sql: numbered('credit_notes', 'credit_note_id', 'credit_note_number'),
    },
  },
  {
    id: 'I25c',
    statement:
      'An invoice whose booking is cancelled has credit notes of what goes back, one for each occasion',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'ticket-service',
        sql: `
          select t.booking_id::text as key, coalesce(sum(n.total_paise), 0) || ' paise' as value
          from tickets t join bookings b using (booking_id) join invoices i using (ticket_id)
          left join credit_notes n using (invoice_id)
          where b.cancelled_at is not null group by t.booking_id`,
      },
      right: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, refund_paise + coalesce(r.amount_paise, 0) || ' paise' as value
          from bookings left join returned_fees r using (booking_id) where status = 'CANCELLED'`,
      },
    },
  },
];
