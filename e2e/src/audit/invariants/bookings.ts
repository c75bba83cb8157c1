import type { Invariant } from '../invariant.js';

/** The legal moves, written down a second time: an auditor does not believe the table that it audits. */
const LEGAL_MOVES = `(values
  ('CREATED', 'PENDING'), ('CREATED', 'CANCELLED'), ('PENDING', 'CONFIRMED'), ('PENDING', 'EXPIRED'),
  ('PENDING', 'CANCELLED'), ('EXPIRED', 'CONFIRMED'), ('CONFIRMED', 'TICKETED'), ('CONFIRMED', 'CANCELLED'),
  ('TICKETED', 'CANCELLED')) as legal (from_status, to_status)`;

/** Each thing was made under one idempotency key at most. */
const madeUnderTwoKeys = (thing: string, path: string): string => `
  select format('${thing} %s: keys %s', resource_id, string_agg(user_id || '/' || idempotency_key, ', ')) as offender
  from idempotency_keys where path = '${path}' and resource_id is not null
  group by resource_id having count(*) > 1`;

/** What was promised to customers. */
export const BOOKING_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I8',
    statement: 'Every move of a booking is legal and goes on from where the one before ended',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        with steps as (
          select *, lag(to_status) over (partition by booking_id order by history_id) as reached from booking_history
        )
        select format('booking %s: %s to %s after %s', booking_id, coalesce(from_status, 'nothing'), to_status,
          coalesce(reached, 'nothing')) as offender
        from steps
        where from_status is distinct from reached
          or (from_status is null and to_status <> 'CREATED')
          or (from_status is not null and not exists (select from ${LEGAL_MOVES}
            where legal.from_status = steps.from_status and legal.to_status = steps.to_status))`,
    },
  },
  {
    id: 'I8b',
    statement: 'A booking is in the state that its history ends in',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s is %s, and its history ends %s', b.booking_id, b.status, coalesce(h.to_status, 'nowhere'))
          as offender
        from bookings b left join (
          select distinct on (booking_id) booking_id, to_status from booking_history order by booking_id, history_id desc
        ) h using (booking_id)
        where h.to_status is distinct from b.status`,
    },
  },
  {
    id: 'I9',
    statement: 'A confirmed booking was paid in full by a payment that was accepted',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s (%s) costs %s; its payment %s is %s of %s', b.booking_id, b.status, b.amount_due_paise,
          coalesce(b.payment_id::text, 'missing'), coalesce(p.verdict, 'undecided'), p.amount_paise) as offender
        from bookings b left join booking_payments p on p.payment_id = b.payment_id and p.booking_id = b.booking_id
        where b.confirmed_at is not null
          and (p.verdict is distinct from 'accepted' or p.amount_paise is distinct from b.amount_due_paise)`,
    },
  },
  {
    id: 'I9b',
    statement: 'The payment of a confirmed booking is captured in full, and nothing of it was given back',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'booking-service',
        sql: `
          select payment_id::text as key, format('%s paise for booking %s', amount_due_paise, booking_id) as value
          from bookings where status in ('CONFIRMED', 'TICKETED')`,
      },
      right: {
        database: 'payment-service',
        sql: `
          select payment_id::text as key, format('%s paise for booking %s', captured_paise - refunded_paise, booking_id) as value
          from payments where status = 'SUCCEEDED' and confirmed_at is not null and captured_paise = amount_paise`,
      },
    },
  },
  {
    id: 'I9c',
    statement: 'An offered booking has a seat for each passenger on each flight',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s: %s seats for %s passengers on %s flights', booking_id, seats, passengers, flights) as offender
        from (
          select booking_id, seat_count,
            (select count(*) from booking_seats s where s.booking_id = b.booking_id) as seats,
            (select count(*) from booking_flights f where f.booking_id = b.booking_id) as flights,
            (select count(*) from booking_passengers p where p.booking_id = b.booking_id) as passengers
          from bookings b where amount_due_paise is not null
        ) counted
        where flights = 0 or passengers <> seat_count or seats <> seat_count * flights`,
    },
  },
  {
    id: 'I10',
    statement: 'A record locator names one booking',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('%s: bookings %s', pnr, string_agg(booking_id::text, ', ')) as offender
        from bookings group by pnr having count(*) > 1`,
    },
  },
  {
    id: 'I11',
    statement: 'A booking was made under one key at most',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: madeUnderTwoKeys('booking', '/api/bookings/create'),
    },
  },
  {
    id: 'I11b',
    statement: 'A payment was begun under one key at most',
    when: 'always',
    check: {
      database: 'payment-service',
      sql: madeUnderTwoKeys('payment', '/api/payments/initiate'),
    },
  },
  {
    id: 'I12',
    statement: 'A booking is for one to nine passengers, all with names',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s: %s passengers, %s of them without a name', booking_id, count(*),
          count(*) filter (where trim(name) = '')) as offender
        from booking_passengers group by booking_id
        having count(*) not between 1 and 9 or bool_or(trim(name) = '')`,
    },
  },
  {
    id: 'I13',
    statement: 'Each flight of a booking leaves from where the one before arrived, and after it',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s: flight %s does not connect to flight %s', later.booking_id, later.flight_id, earlier.flight_id)
          as offender
        from booking_flights earlier join booking_flights later
          on later.booking_id = earlier.booking_id and later.position = earlier.position + 1
        where later.detail -> 'source' ->> 'code' is distinct from earlier.detail -> 'destination' ->> 'code'
          or (later.detail ->> 'departure_time')::timestamptz <= (earlier.detail ->> 'arrival_time')::timestamptz`,
    },
  },
  {
    id: 'I17',
    statement: 'The lines of a price add up to the amount due',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s costs %s, its lines add up to %s', b.booking_id, b.amount_due_paise, sum(l.amount_paise))
          as offender
        from bookings b left join booking_price_lines l using (booking_id)
        where b.amount_due_paise is not null
        group by b.booking_id, b.amount_due_paise having sum(l.amount_paise) is distinct from b.amount_due_paise`,
    },
  },
  {
    id: 'I17c',
    statement: 'A booking keeps the fares of its brand alone, and without a discount costs just these',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s in %s keeps a fare in %s', b.booking_id, b.fare_brand, fare ->> 'brand') as offender
        from bookings b join booking_flights f using (booking_id)
          cross join jsonb_array_elements(f.detail -> 'fares') as fare
        where coalesce(fare ->> 'brand', 'saver') <> b.fare_brand
        union all
        select format('booking %s costs %s, its seats by their fares %s', b.booking_id, b.amount_due_paise,
          sum((fare ->> 'total_paise')::bigint))
        from bookings b join booking_seats s using (booking_id) join booking_flights f using (booking_id, flight_id)
          left join jsonb_array_elements(f.detail -> 'fares') as fare on fare ->> 'cabin' = s.cabin
        where b.discount_code is null
        group by b.booking_id, b.amount_due_paise
        having sum((fare ->> 'total_paise')::bigint) is distinct from b.amount_due_paise`,
    },
  },
  {
    id: 'I18b',
    statement:
      'A cancelled booking gives back what the quote says that its customer confirmed, taxes always included',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s gives back %s, quote %s says %s', b.booking_id, b.refund_paise,
          coalesce(q.quote_id::text, 'none'), q.refund_paise) as offender
        from bookings b left join cancellation_quotes q on q.quote_id = b.cancellation_quote_id
        where b.status = 'CANCELLED' and b.status_cause = 'customer' and b.refund_paise is distinct from q.refund_paise
          and not (b.payment_id is null and b.refund_paise = b.amount_due_paise)
        union all
        select format('quote %s keeps %s paise of %s', quote_id, kept_paise, kind) from cancellation_quote_lines
        where kept_paise <> 0 and kind not in ('base_fare', 'fuel_surcharge', 'discount')`,
    },
  },
  {
    id: 'I18c',
    statement: 'A cancellation fee that was given back is what the cancellation of its booking had kept',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s gave %s back of %s kept', booking_id, amount_paise, amount_due_paise - refund_paise)
          as offender
        from returned_fees r left join bookings b using (booking_id)
        where (b.status, b.payment_id, b.amount_due_paise - b.refund_paise)
          is distinct from ('CANCELLED', r.payment_id, r.amount_paise)`,
    },
  },
  {
    id: 'I20',
    statement: 'Tax is made of two equal halves of whole paise',
    when: 'always',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s: %s paise of tax', booking_id, amount_paise) as offender
        from booking_price_lines where kind = 'gst' and amount_paise % 2 <> 0`,
    },
  },
  {
    id: 'I29a',
    statement: 'No booking and no verdict on a payment stays undecided',
    when: 'settled',
    check: {
      database: 'booking-service',
      sql: `
        select format('booking %s is %s', booking_id, status) as offender
        from bookings where status = 'CREATED' or (status = 'PENDING' and expires_at <= now())
        union all
        select format('payment %s of booking %s has no verdict', payment_id, booking_id)
        from booking_payments where verdict is null
        union all
        select format('booking %s owes %s since %s', booking_id, follow_up, due_at)
        from booking_follow_ups where done_at is null`,
    },
  },
];
