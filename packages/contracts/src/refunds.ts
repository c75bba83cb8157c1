import { z } from 'zod';
import { priceLineKind } from './bookings.js';
import { paise } from './money.js';
import { id, lineOfText } from './scalars.js';

/**
 * `POST /internal/refunds` of payment-service: of the payment that a cancelled booking was paid with, exactly this
 * goes back. Safe to repeat; another amount for the same payment is refused.
 */
export const refundRequest = z
  .strictObject({
    booking_id: id,
    payment_id: id,
    /** What the cancellation gives back. */
    amount_paise: paise.min(0),
    /** What it had kept and an operator gives back on top; absent while that is kept. */
    returned_fee_paise: paise.min(1).optional(),
    reason: lineOfText(1, 100),
  })
  .refine((body) => body.amount_paise > 0 || body.returned_fee_paise !== undefined, {
    path: ['amount_paise'],
    error: 'must be more than nothing',
  });
/** See {@link refundRequest}. */
export type RefundRequest = z.infer<typeof refundRequest>;

/** What comes back of one line of a booking's price; a discount that is taken back is negative. */
export const refundLine = z.strictObject({
  flight_id: id,
  kind: priceLineKind,
  description: z.string(),
  amount_paise: paise,
});
/** See {@link refundLine}. */
export type RefundLine = z.infer<typeof refundLine>;
