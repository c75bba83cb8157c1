import {
  idText,
  lapseRequest,
  lateRedemptionRequest,
  redemption,
  redemptionRequest,
  serviceName,
} from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import { RedemptionDiffers, RedemptionNotFound, RedemptionReleased } from './redemption.errors.js';
import type { RedemptionService } from './redemption.service.js';
import { toRedemptionView } from './redemption.view.js';

const TAG = 'Redemptions';
const params = z.strictObject({ booking_id: idText });

/** What booking-service asks for. */
export class RedemptionController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'PUT',
      path: '/internal/redemptions/:booking_id',
      operation: 'takeRedemption',
      summary: 'Take one use of a code for a booking',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.booking],
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
        return reply(200, toRedemptionView(taken));
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/internal/redemptions/:booking_id/confirmed',
      operation: 'confirmRedemption',
      summary: 'The booking is paid',
      description: 'A lapsed redemption takes its use anew; 422 when the limits of the code leave none.',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.booking],
      input: { params },
      output: { 200: redemption },
      problems: [RedemptionNotFound, RedemptionReleased, DiscountNotApplicable],
      handler: async ({ params: { booking_id: bookingId } }) =>
        reply(200, toRedemptionView(await this.redemptions.confirm(bookingId))),
    }),
    defineRoute({
      method: 'PUT',
      path: '/internal/redemptions/:booking_id/held',
      operation: 'holdRedemption',
      summary: 'Take the use of an expired booking anew for a payment that came late',
      description: 'A payment that is told once that no use is left is told so for ever.',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.booking],
      input: { params, body: lateRedemptionRequest },
      output: { 200: redemption },
      problems: [RedemptionNotFound, RedemptionReleased, DiscountNotApplicable],
      handler: async ({ params: { booking_id: bookingId }, body }) =>
        reply(200, toRedemptionView(await this.redemptions.hold(bookingId, body.payment_id))),
    }),
    defineRoute({
      method: 'PUT',
      path: '/internal/redemptions/:booking_id/lapsed',
      operation: 'lapseRedemption',
      summary: 'Nobody paid the booking in time: give its use back unless a late payment has it',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.booking],
      input: { params, body: lapseRequest },
      output: { 200: redemption },
      problems: [RedemptionNotFound],
      handler: async ({ params: { booking_id: bookingId }, body }) =>
        reply(200, toRedemptionView(await this.redemptions.lapse(bookingId, body.refused_payments))),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/internal/redemptions/:booking_id',
      operation: 'releaseRedemption',
      summary: 'The booking is cancelled: give its use back for good',
      tag: TAG,
      auth: 'service',
      callers: [serviceName.booking],
      input: { params },
      output: { 200: redemption },
      handler: async ({ params: { booking_id: bookingId } }) =>
        reply(200, toRedemptionView(await this.redemptions.release(bookingId))),
    }),
  ];

  constructor(private readonly redemptions: RedemptionService) {}
}
