import { paiseToMoney, paiseToRupees } from '@flight-booking/contracts';
import type { CancellationQuote } from './cancellation-quote.js';
import type { CancellationQuoteView } from './cancellation-quote.schemas.js';

/** A quote as its customer sees it. */
export const toCancellationQuoteView = (quote: CancellationQuote): CancellationQuoteView => ({
  quote_id: quote.quoteId,
  booking_id: quote.bookingId,
  paid: paiseToMoney(quote.paidPaise),
  kept: paiseToMoney(quote.keptPaise),
  refund: paiseToMoney(quote.refundPaise),
  rule: quote.rule,
  rule_in_words: quote.ruleInWords,
  lines: quote.lines.map((line) => ({
    flight_id: line.flightId,
    kind: line.kind,
    description: line.description,
    paid: paiseToRupees(line.paidPaise),
    kept: paiseToRupees(line.keptPaise),
    refund: paiseToRupees(line.refundPaise),
  })),
  quoted_at: quote.quotedAt.toISOString(),
  valid_until: quote.validUntil.toISOString(),
});
