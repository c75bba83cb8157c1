import type { Invariant } from '../invariant.js';

/** What customers were told, and the work that is left. */
export const MESSAGE_INVARIANTS: readonly Invariant[] = [
  {
    id: 'I28',
    statement: 'A customer is told of each event of a booking once in each way',
    when: 'always',
    check: {
      database: 'notification-service',
      sql: `
        select format('booking %s: %s messages of %s by %s', booking_id, count(*), event_type, channel) as offender
        from notifications where event_type <> 'booking.payment_returned'
        group by booking_id, event_type, channel having count(*) > 1`,
    },
  },
  {
    id: 'I28b',
    statement: 'A customer is told of everything that happened to a booking, and of nothing that did not',
    when: 'settled',
    check: {
      complete: 'both',
      left: {
        database: 'booking-service',
        sql: `
          select distinct booking_id || '/booking.' || lower(to_status) as key, 'told' as value from booking_history
          where to_status in ('CONFIRMED', 'TICKETED')
            or (to_status = 'CANCELLED' and from_status <> 'CREATED')
            or (to_status = 'EXPIRED' and cause = 'unpaid')
          union all
          select booking_id || '/booking.fee_returned', 'told' from returned_fees`,
      },
      right: {
        database: 'notification-service',
        sql: `
          select distinct booking_id || '/' || event_type as key, 'told' as value from notifications
          where booking_id is not null and event_type <> 'booking.payment_returned'`,
      },
    },
  },
  {
    id: 'I29b',
    statement: 'Every message was handed over',
    when: 'settled',
    check: {
      database: 'notification-service',
      sql: `
        select format('notification %s about booking %s is %s', notification_id, booking_id, status) as offender
        from notifications where status <> 'SENT'`,
    },
  },
  {
    id: 'I29c',
    statement: 'No work that is due lies in a queue, and none that failed',
    when: 'settled',
    check: {
      database: 'every',
      where: 'graphile_worker.jobs',
      sql: `
        select format('job %s, %s: %s', id, j.task_identifier, coalesce(p.payload -> 'data', '{}')::text) as offender
        from graphile_worker.jobs j join graphile_worker._private_jobs p using (id)
        where j.run_at <= now() or j.attempts > 0`,
    },
  },
  {
    id: 'I29d',
    statement: 'No work was given up (an operator decides what becomes of it)',
    when: 'shown',
    check: {
      database: 'every',
      where: 'stuck_jobs',
      sql: `
        select format('stuck job %s, %s %s: %s', stuck_id, job, payload -> 'data', reason) as offender
        from stuck_jobs where resolved_at is null`,
    },
  },
];
