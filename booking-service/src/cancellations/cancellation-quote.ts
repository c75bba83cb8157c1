import type { CancellationLine, CancellationRule } from './cancellation-terms.js';

/** What a customer was told that cancelling a booking keeps and gives back, and may hold us to. */
export interface CancellationQuote {
  readonly quoteId: number;
  readonly bookingId: number;
  /** What the booking was paid with at that time; null when nothing was paid. */
  readonly paymentId: number | null;
  readonly rule: CancellationRule;
  readonly ruleInWords: string;
  /** None when nothing was paid. */
  readonly lines: readonly CancellationLine[];
  readonly paidPaise: number;
  readonly keptPaise: number;
  readonly refundPaise: number;
  readonly quotedAt: Date;
  /** The last instant at which it can be confirmed. */
  readonly validUntil: Date;
}

/** A quote that is about to be written. */
export type QuoteDraft = Omit<CancellationQuote, 'quoteId' | 'quotedAt'>;
