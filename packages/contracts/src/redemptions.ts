import { z } from 'zod';
import { paise } from './money.js';
import { id } from './scalars.js';

/** A discount code as customers type it. */
export const discountCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{3,20}$/, 'must be 3 to 20 letters and digits');

/** `PUT /internal/redemptions/:booking_id` of discount-service: takes one use of a code for a booking. */
export const redemptionRequest = z.strictObject({
  user_id: id,
  code: discountCode,
  /** What the discount is reckoned on: fare and fuel surcharge of all seats, before tax. */
  eligible_paise: paise.min(0),
  /** Designators of the airlines that the booking flies with. */
  airline_codes: z.array(z.string()).min(1),
});
/** See {@link redemptionRequest}. */
export type RedemptionRequest = z.infer<typeof redemptionRequest>;

/**
 * `PUT /internal/redemptions/:booking_id/held` of discount-service: takes the use of a booking that expired anew, for a
 * payment that came late. The answer for a payment that finds no use left is the same for ever.
 */
export const lateRedemptionRequest = z.strictObject({ payment_id: id });
/** See {@link lateRedemptionRequest}. */
export type LateRedemptionRequest = z.infer<typeof lateRedemptionRequest>;

/**
 * `PUT /internal/redemptions/:booking_id/lapsed` of discount-service: nobody paid in time, or the payments that came
 * late were refused. What another payment has taken meanwhile stays taken.
 */
export const lapseRequest = z.strictObject({ refused_payments: z.array(id).max(1000) });
/** See {@link lapseRequest}. */
export type LapseRequest = z.infer<typeof lapseRequest>;

/** A redemption holds its use of the code until it lapses with its booking or is released. */
export const redemption = z.strictObject({
  booking_id: id,
  code: z.string(),
  discount_paise: paise.min(0),
  status: z.enum(['HELD', 'REDEEMED', 'LAPSED', 'RELEASED']),
});
/** See {@link redemption}. */
export type Redemption = z.infer<typeof redemption>;
