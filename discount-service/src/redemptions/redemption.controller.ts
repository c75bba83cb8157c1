import { idText, redemption, redemptionRequest } from '@flight-booking/contracts';
import { defineRoute, reply, type Route } from '@flight-booking/platform';
import { z } from 'zod';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import type { Redemption } from './redemption.js';
import { RedemptionDiffers, RedemptionNotFound, RedemptionReleased } from './redemption.errors.js';
import type { RedemptionService } from './redemption.service.js';

const TAG = 'Redemptions';
const params = z.strictObject({ booking_id: idText });

/** What booking-service asks for. */
export class RedemptionController {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'PUT',
      path: '/internal/redemptions/:booking_id',
      operation: 'takeRedemption',
      summary: 'Take one use of a code for a booking',
      tag: TAG,
      auth: 'service',
      input: { params, body: redemptionRequest },
      output: { 200: redemption },
      problems: [DiscountNotApplicable, RedemptionReleased, RedemptionDiffers],
      handler: async ({ params: { booking_id: bookingId }, body }) => {
        const taken = await this.redemptions.take({
          bookingId,
          userId: body.user_id,
          code: body.code,
          eligiblePaise: body.eligible_paise,
          airlineCodes: body.airline_codes,
        });
        return reply(200, viewOf(taken));
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/internal/redemptions/:booking_id/confirmed',
      operation: 'confirmRedemption',
      summary: 'The booking is paid',
      tag: TAG,
      auth: 'service',
      input: { params, body: z.strictObject({}) },
      output: { 200: redemption },
      problems: [RedemptionNotFound, RedemptionReleased],
      handler: async ({ params: { booking_id: bookingId } }) =>
        reply(200, viewOf(await this.redemptions.confirm(bookingId))),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/internal/redemptions/:booking_id',
      operation: 'releaseRedemption',
      summary: 'The booking ended: give its use back',
      tag: TAG,
      auth: 'service',
      input: { params },
      output: { 200: redemption },
      handler: async ({ params: { booking_id: bookingId } }) =>
        reply(200, viewOf(await this.redemptions.release(bookingId))),
    }),
  ];

  constructor(private readonly redemptions: RedemptionService) {}
}

/** A booking that never had a code answers an empty one. */
function viewOf(taken: Redemption): z.input<typeof redemption> {
  const { bookingId, status } = taken;
  return taken.code === null
    ? { booking_id: bookingId, code: '', discount_paise: 0, status }
    : { booking_id: bookingId, code: taken.code, discount_paise: taken.discountPaise, status };
}
