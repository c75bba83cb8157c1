import type { ProviderEvent } from '../provider/provider-event.js';
import type { Judgement } from './provider-event.repository.js';

/** The payment or refund that an event is about, as our row has it. */
export interface Subject {
  readonly paymentId: number;
  /** Null when it is a payment. */
  readonly refundId: number | null;
  readonly amountPaise: number;
  readonly currency: string;
  /** By which name the provider knows it, as far as we have been told. */
  readonly providerId: string | null;
  /** Whether we know already what the event tells. */
  readonly isKnown: boolean;
}

/** What comes of an event that nobody here has asked for. */
export const UNKNOWN_KEY: Judgement = {
  paymentId: null,
  refundId: null,
  outcome: 'UNKNOWN',
  reason: 'Nothing of ours has the key of this event.',
};

/** Compares what an event says with what our row says. */
export function judge(event: ProviderEvent, subject: Subject): Judgement {
  const { paymentId, refundId } = subject;
  const reason = differenceOf(event, subject);
  if (reason !== undefined) return { paymentId, refundId, outcome: 'MISMATCH', reason };
  return { paymentId, refundId, outcome: subject.isKnown ? 'KNOWN' : 'ASKED', reason: null };
}

function differenceOf(event: ProviderEvent, subject: Subject): string | undefined {
  if (event.currency !== subject.currency) {
    return `It is about ${event.currency}, and ours is in ${subject.currency}.`;
  }
  if (event.amount_paise !== subject.amountPaise) {
    return `It is about ${event.amount_paise} paise, and ours about ${subject.amountPaise}.`;
  }
  const named = subject.refundId === null ? event.charge_id : event.refund_id;
  if (subject.providerId !== null && named !== subject.providerId) {
    return `It is about ${named}, and the provider told us ${subject.providerId}.`;
  }
  return undefined;
}
