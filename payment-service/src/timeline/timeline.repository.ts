import type { Queries } from '@flight-booking/platform';
import type { RefundCode, RefundStatus } from '../refunds/refund.js';

/** What the timeline tells of a payment. Instants are null for what has not happened. */
export interface PaymentTrace {
  readonly paymentId: number;
  readonly amountPaise: number;
  readonly capturedPaise: number;
  readonly methodToken: string;
  readonly declineReason: string | null;
  readonly refusalReason: string | null;
  readonly startedAt: Date;
  readonly challengedAt: Date | null;
  readonly failedAt: Date | null;
  readonly capturedAt: Date | null;
  readonly refusedAt: Date | null;
}

/** What a refund came to be at some time. */
export interface RefundTrace {
  readonly refundId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
  readonly reasonCode: RefundCode;
  readonly reason: string;
  /** Null when the refund began with this. */
  readonly statusBefore: RefundStatus | null;
  readonly status: RefundStatus;
  readonly stuckReason: string | null;
  readonly at: Date;
}

/** What the timeline tells of an attempt at a refund that failed. */
export interface FailedAttemptTrace {
  readonly refundId: number;
  readonly attempt: number;
  readonly failureReason: string;
  readonly endedAt: Date;
}

/** What the timeline tells of a webhook. */
export interface WebhookTrace {
  readonly type: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly deliveries: number;
  readonly receivedAt: Date;
}

const PAYMENTS = {
  name: 'timeline-payments',
  text: `select payment_id as "paymentId", amount_paise as "amountPaise", captured_paise as "capturedPaise",
      method_token as "methodToken", decline_reason as "declineReason", refusal_reason as "refusalReason",
      created_at as "startedAt", challenged_at as "challengedAt", captured_at as "capturedAt",
      (select min(at) from payment_history h where h.payment_id = p.payment_id and h.status = 'FAILED') as "failedAt",
      case when refusal_reason is not null then
        (select min(at) from payment_history h where h.payment_id = p.payment_id and h.status = 'REFUNDING')
      end as "refusedAt"
    from payments p where booking_id = $1 order by payment_id`,
};
const REFUNDS = {
  name: 'timeline-refunds',
  text: `select refund_id as "refundId", payment_id as "paymentId", r.amount_paise as "amountPaise",
      reason_code as "reasonCode", r.reason, h.status, h.reason as "stuckReason", h.at,
      lag(h.status) over (partition by refund_id order by h.entry_id) as "statusBefore"
    from refund_history h join refunds r using (refund_id) join payments using (payment_id)
    where booking_id = $1 order by h.entry_id`,
};
const FAILED_ATTEMPTS = {
  name: 'timeline-failed-refund-attempts',
  text: `select refund_id as "refundId", attempt, failure_reason as "failureReason", ended_at as "endedAt"
    from refund_attempts a join refunds using (refund_id) join payments using (payment_id)
    where booking_id = $1 and a.status = 'FAILED' order by refund_id, attempt`,
};
const WEBHOOKS = {
  name: 'timeline-webhooks',
  text: `select type, outcome, reason, deliveries, received_at as "receivedAt"
    from provider_events join payments using (payment_id) where booking_id = $1 order by received_at`,
};

/** What happened to the money of one booking. */
export interface MoneyTrace {
  readonly payments: readonly PaymentTrace[];
  readonly refunds: readonly RefundTrace[];
  readonly failedAttempts: readonly FailedAttemptTrace[];
  readonly webhooks: readonly WebhookTrace[];
}

/** Reads what happened to the money of a booking. */
export class TimelineRepository {
  async find(queries: Queries, bookingId: number): Promise<MoneyTrace> {
    const [payments, refunds, failedAttempts, webhooks] = await Promise.all([
      queries.rows<PaymentTrace>(PAYMENTS, [bookingId]),
      queries.rows<RefundTrace>(REFUNDS, [bookingId]),
      queries.rows<FailedAttemptTrace>(FAILED_ATTEMPTS, [bookingId]),
      queries.rows<WebhookTrace>(WEBHOOKS, [bookingId]),
    ]);
    return { payments, refunds, failedAttempts, webhooks };
  }
}
