import { formatPaise, timelineOf, type TimelineFact, type TimelinePart } from '@flight-booking/contracts';
import type { RefundCode } from '../refunds/refund.js';
import type {
  FailedAttemptTrace,
  MoneyTrace,
  PaymentTrace,
  RefundTrace,
  WebhookTrace,
} from './timeline.repository.js';

const PROVIDER = 'payment provider';

const ofPayment = (payment: PaymentTrace): TimelineFact[] => {
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
      detail: `${name} was not made.`,
      cause: `${PROVIDER}: ${payment.declineReason ?? 'no reason was given'}`,
    },
    {
      at: payment.capturedAt,
      event: 'payment.captured',
      detail: `${name}: ${captured} were taken.`,
      cause: PROVIDER,
    },
    {
      at: payment.refusedAt,
      event: 'payment.refused',
      detail: `${name} was not taken and goes back.`,
      cause: `${payment.refusalReason === 'amount_mismatch' ? 'payment-service' : 'booking-service'}: ${payment.refusalReason}`,
    },
  ];
};

/** Who decided that money goes back; booking-service unless it is said here. */
const DECIDED_BY: Partial<Record<RefundCode, string>> = {
  amount_mismatch: 'payment-service',
  correction: 'payment-service',
  fee_returned: 'operator',
  operator: 'operator',
};

function ofRefund(refund: RefundTrace): TimelineFact {
  const { at, refundId, paymentId, reasonCode, reason } = refund;
  const name = `Refund ${refundId} of ${formatPaise(refund.amountPaise)}`;
  switch (refund.status) {
    case 'SUCCEEDED':
      return { at, event: 'refund.succeeded', detail: `${name} was paid.`, cause: PROVIDER };
    case 'STUCK': {
      const cause = `${PROVIDER}: ${refund.stuckReason}`;
      return { at, event: 'refund.stuck', detail: `${name} waits for an operator.`, cause };
    }
    case 'PENDING':
      break;
  }
  if (refund.statusBefore !== null) {
    return { at, event: 'refund.restarted', detail: `${name} is tried again.`, cause: 'operator' };
  }
  const cause = `${DECIDED_BY[reasonCode] ?? 'booking-service'}: ${reason}`;
  return { at, event: 'refund.created', detail: `${name} is due of payment ${paymentId}.`, cause };
}

const ofFailedAttempt = ({
  refundId,
  attempt,
  failureReason,
  endedAt,
}: FailedAttemptTrace): TimelineFact => ({
  at: endedAt,
  event: 'refund.failed',
  detail: `Attempt ${attempt} at refund ${refundId} failed.`,
  cause: `${PROVIDER}: ${failureReason}`,
});

const BECAUSE: Readonly<Record<string, string>> = {
  ASKED: 'the provider was asked about it',
  KNOWN: 'it was known already',
  MISMATCH: 'it was not believed',
};

const ofWebhook = ({ type, outcome, reason, deliveries, receivedAt }: WebhookTrace): TimelineFact => {
  const times = deliveries === 1 ? 'once' : `${deliveries} times`;
  const why = reason === null ? '' : ` ${reason}`;
  return {
    at: receivedAt,
    event: 'webhook.received',
    detail: `A webhook about ${type} came ${times}; ${BECAUSE[outcome] ?? outcome}.${why}`,
    cause: PROVIDER,
  };
};

/** What happened to the money of a booking, the oldest first. */
export function toTimelineView({ payments, refunds, failedAttempts, webhooks }: MoneyTrace): TimelinePart {
  const facts = [
    ...payments.flatMap(ofPayment),
    // A refund that gets stuck does so with its last attempt, and is told of after it.
    ...failedAttempts.map(ofFailedAttempt),
    ...refunds.map(ofRefund),
    ...webhooks.map(ofWebhook),
  ];
  return { entries: timelineOf(facts) };
}
