import type { Invariant } from '../invariant.js';

/** Who used which discount code. */
export const DISCOUNT_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I21',
    statement: 'A code is used as often as its redemptions say, and never above its limit',
    when: 'always',
    check: {
      database: 'discount-service',
      sql: `
        select format('%s: %s uses counted, %s redemptions, limit %s', d.code, d.uses, count(r.booking_id),
          coalesce(d.total_limit::text, 'none')) as offender
        from discount_codes d left join redemptions r on r.code = d.code and r.status in ('HELD', 'REDEEMED')
        group by d.code, d.uses, d.total_limit having d.uses <> count(r.booking_id) or count(r.booking_id) > d.total_limit`,
    },
  },
  {
    id: 'I21b',
    statement: 'No customer uses a code more often than one customer may',
    when: 'always',
    check: {
      database: 'discount-service',
      sql: `
        with used as (
          select code, user_id, count(*) as redemptions from redemptions
          where status in ('HELD', 'REDEEMED') group by code, user_id
        )
        select format('%s by customer %s: %s uses counted, %s redemptions, limit %s', code, user_id, coalesce(c.uses, 0),
          coalesce(redemptions, 0), coalesce(d.per_user_limit::text, 'none')) as offender
        from used full join customer_uses c using (code, user_id) join discount_codes d using (code)
        where coalesce(c.uses, 0) <> coalesce(redemptions, 0) or redemptions > d.per_user_limit`,
    },
  },
  {
    id: 'I21c',
    statement: 'Every paid booking that was discounted counts as a use of its code',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, 'a use of ' || discount_code as value
          from bookings where discount_code is not null and status in ('CONFIRMED', 'TICKETED')`,
      },
      right: {
        database: 'discount-service',
        sql: `
          select booking_id::text as key, 'a use of ' || code as value
          from redemptions where status in ('HELD', 'REDEEMED')`,
      },
    },
  },
  {
    id: 'I22',
    statement: 'A discount is what its redemption says, and no more than the fare that it is on',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, format('%s paise off', -sum(amount_paise)) as value
          from booking_price_lines where kind = 'discount' group by booking_id`,
      },
      right: {
        database: 'discount-service',
        sql: `
          select booking_id::text as key, format('%s paise off', discount_paise) as value
          from redemptions where discount_paise between 0 and eligible_paise`,
      },
    },
  },
  {
    id: 'I23',
    statement: 'A redemption is in the state that its booking asks for: held, redeemed, lapsed or given back',
    when: 'settled',
    check: {
      complete: 'left',
      left: {
        database: 'booking-service',
        sql: `
          select booking_id::text as key, case
              when status = 'EXPIRED' or (status = 'PENDING' and expires_at <= now()) then 'LAPSED'
              when status = 'PENDING' then 'HELD'
              when status = 'CANCELLED' then 'RELEASED'
              else 'REDEEMED'
            end as value
          from bookings where discount_code is not null and status <> 'CREATED'`,
      },
      right: {
        database: 'discount-service',
        sql: `select booking_id::text as key, status as value from redemptions`,
      },
    },
  },
];
