import type { BookingStatus } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { Cause } from '../bookings/booking.js';
import type { FollowUpName } from '../bookings/booking.jobs.js';
import { STUCK_BOOKING_ID } from '../bookings/stuck-work.js';
import type { Verdict } from '../payments/payment-verdict.js';

/** One thing that this service's database knows to have happened to a booking. */
export type BookingFact = { readonly at: Date } & (
  | {
      readonly kind: 'state';
      readonly about: {
        readonly to: BookingStatus;
        readonly cause: Cause;
        readonly detail: string | null;
      };
    }
  | {
      readonly kind: 'payment_reported';
      readonly about: { readonly payment_id: number; readonly amount_paise: number };
    }
  | {
      readonly kind: 'payment_decided';
      readonly about: {
        readonly payment_id: number;
        readonly amount_paise: number;
        readonly verdict: Verdict;
      };
    }
  | {
      readonly kind: 'followed_up';
      readonly about: {
        readonly follow_up: FollowUpName;
        readonly redemption: string | null;
      };
    }
  | {
      readonly kind: 'quoted';
      readonly about: {
        readonly quote_id: number;
        readonly paid_paise: number;
        readonly refund_paise: number;
        /** The rule in words. */
        readonly rule: string;
      };
    }
  | {
      readonly kind: 'fee_returned';
      readonly about: { readonly amount_paise: number; readonly reason: string };
    }
  | {
      readonly kind: 'stuck';
      readonly about: { readonly job: string; readonly attempts: number; readonly reason: string };
    }
  | { readonly kind: 'unstuck'; readonly about: { readonly job: string; readonly resolution: string } }
);

const FACTS = {
  name: 'facts-of-booking',
  text: `
    select at, kind, about from (
      select happened_at as at, history_id as position, 'state' as kind,
        json_build_object('to', to_status, 'cause', cause, 'detail', detail) as about
      from booking_history where booking_id = $1
      union all
      select received_at, payment_id, 'payment_reported',
        json_build_object('payment_id', payment_id, 'amount_paise', amount_paise)
      from booking_payments where booking_id = $1
      union all
      select decided_at, payment_id, 'payment_decided',
        json_build_object('payment_id', payment_id, 'amount_paise', amount_paise, 'verdict', verdict)
      from booking_payments where booking_id = $1 and verdict is not null
      union all
      select done_at, 0, 'followed_up',
        json_build_object('follow_up', follow_up, 'redemption', redemption_status)
      from booking_follow_ups join bookings using (booking_id) where booking_id = $1 and done_at is not null
      union all
      select quoted_at, quote_id, 'quoted',
        json_build_object('quote_id', quote_id, 'paid_paise', paid_paise, 'refund_paise', refund_paise,
                          'rule', rule_in_words)
      from cancellation_quotes where booking_id = $1 and quote_id in (
        (select cancellation_quote_id from bookings where booking_id = $1),
        (select max(quote_id) from cancellation_quotes where booking_id = $1))
      union all
      select returned_at, 0, 'fee_returned', json_build_object('amount_paise', amount_paise, 'reason', reason)
      from returned_fees where booking_id = $1
      union all
      select stuck_at, stuck_id, 'stuck', json_build_object('job', job, 'attempts', attempts, 'reason', reason)
      from stuck_jobs where ${STUCK_BOOKING_ID} = $1::text
      union all
      select resolved_at, stuck_id, 'unstuck', json_build_object('job', job, 'resolution', resolution)
      from stuck_jobs where ${STUCK_BOOKING_ID} = $1::text and resolved_at is not null
    ) as facts
    order by at, kind desc, position`,
};

/** What this service's database knows to have happened. */
export class BookingFactRepository {
  /** The oldest first. */
  async ofBooking(queries: Queries, bookingId: number): Promise<BookingFact[]> {
    return queries.rows<BookingFact>(FACTS, [bookingId]);
  }
}
