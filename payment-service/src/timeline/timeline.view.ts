import { formatPaise, type TimelineEntry, type TimelinePart } from '@flight-booking/contracts';
import type {
  FailedAttemptTrace,
  MoneyTrace,
  PaymentTrace,
  RefundTrace,
  WebhookTrace,
} from './timeline.repository.js';

const PROVIDER = 'payment provider';

type Happening = Omit<TimelineEntry, 'at'> & { readonly at: Date | null };

const ofPayment = (payment: PaymentTrace): Happening[] => {
  const name = `Payment ${payment.paymentId}`;
  const captured = formatPaise(payment.capturedPaise);
  return [
    {
      at: payment.startedAt,
      event: 'payment.started',
      detail: `${name} of ${formatPaise(payment.amountPaise)} with ${payment.methodToken}.`,
      cause: 'customer',
    },
    {
      at: payment.challengedAt,
      event: 'payment.challenged',
      detail: `${name} has to be approved by the customer.`,
      cause: PROVIDER,
    },
    {
      at: payment.failedAt,
      event: 'payment.failed',
      detail: `${name} was not made: ${payment.declineReason ?? 'no reason was given'}.`,
      cause: PROVIDER,
    },
    {
      at: payment.capturedAt,
      event: 'payment.captured',
      detail: `${name}: ${captured} were taken.`,
      cause: PROVIDER,
    },
    {
      at: payment.confirmedAt,
      event: 'payment.accepted',
      detail: `${name} confirmed the booking.`,
      cause: 'booking-service',
    },
    {
      at: payment.refusedAt,
      event: 'payment.refused',
      detail: `${name} was not taken: ${payment.refusalReason}.`,
      cause: payment.refusalReason === 'amount_mismatch' ? 'payment-service' : 'booking-service',
    },
  ];
};

const ofRefund = (refund: RefundTrace): Happening[] => {
  const name = `Refund ${refund.refundId} of ${formatPaise(refund.amountPaise)}`;
  return [
    {
      at: refund.createdAt,
      event: 'refund.created',
      detail: `${name} from payment ${refund.paymentId}.`,
      cause: refund.reason,
    },
    { at: refund.completedAt, event: 'refund.succeeded', detail: `${name} was paid.`, cause: PROVIDER },
    {
      at: refund.stuckReason === null ? null : refund.changedAt,
      event: 'refund.stuck',
      detail: `${name} waits for an operator: ${refund.stuckReason}.`,
      cause: PROVIDER,
    },
  ];
};

const ofFailedAttempt = ({ refundId, attempt, failureReason, endedAt }: FailedAttemptTrace): Happening => ({
  at: endedAt,
  event: 'refund.failed',
  detail: `Attempt ${attempt} at refund ${refundId} failed: ${failureReason}.`,
  cause: PROVIDER,
});

const BECAUSE: Readonly<Record<string, string>> = {
  ASKED: 'the provider was asked about it',
  KNOWN: 'it was known already',
  MISMATCH: 'it was not believed',
};

const ofWebhook = ({ type, outcome, reason, deliveries, receivedAt }: WebhookTrace): Happening => {
  const times = deliveries === 1 ? 'once' : `${deliveries} times`;
  const why = reason === null ? '' : ` ${reason}`;
  return {
    at: receivedAt,
    event: 'payment.webhook_received',
    detail: `${type} came ${times}; ${BECAUSE[outcome] ?? outcome}.${why}`,
    cause: PROVIDER,
  };
};

/** What happened to the money of a booking, the oldest first. */
export function toTimelineView({ payments, refunds, failedAttempts, webhooks }: MoneyTrace): TimelinePart {
  const happenings = [
    ...payments.flatMap(ofPayment),
    ...refunds.flatMap(ofRefund),
    ...failedAttempts.map(ofFailedAttempt),
    ...webhooks.map(ofWebhook),
  ];
  const entries = happenings
    .flatMap(({ at, ...rest }) => (at === null ? [] : [{ at: at.toISOString(), ...rest }]))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { entries };
}
