import { id, instant, money, priceLineKind, rupees } from '@flight-booking/contracts';
import { z } from 'zod';
import { CANCELLATION_RULES } from './cancellation-terms.js';

/** What cancelling a booking keeps and gives back. */
export const cancellationQuoteView = z.strictObject({
  quote_id: id.meta({ description: 'What to confirm the cancellation with' }),
  booking_id: id,
  paid: money,
  kept: money,
  refund: money,
  rule: z.enum(CANCELLATION_RULES),
  rule_in_words: z.string(),
  lines: z
    .array(
      z.strictObject({
        flight_id: id,
        kind: priceLineKind,
        description: z.string(),
        paid: rupees,
        kept: rupees,
        refund: rupees,
      }),
    )
    .meta({ description: 'The same by the lines of the price; empty when nothing was paid' }),
  quoted_at: instant,
  valid_until: instant.meta({ description: 'The last instant at which it can be confirmed' }),
});
/** See {@link cancellationQuoteView}. */
export type CancellationQuoteView = z.infer<typeof cancellationQuoteView>;
