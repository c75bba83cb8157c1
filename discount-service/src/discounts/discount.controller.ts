import { cursorAfter, discountCode, paiseToRupees, rupeesToPaise } from '@flight-booking/contracts';
import { defineRoute, reply, type Route } from '@flight-booking/platform';
import { z } from 'zod';
import { FlightNotFound } from '../flights/flight.errors.js';
import { CodeTaken, DiscountNotFound } from './discount.errors.js';
import {
  createRequest,
  discountList,
  discountView,
  listQuery,
  offerOf,
  termsOf,
  validateAnswer,
  validateRequest,
  viewOf,
  type ValidateAnswer,
} from './discount.schemas.js';
import type { DiscountService, Verdict } from './discount.service.js';

const TAG = 'Discounts';

/** Codes for customers and administrators. */
export class DiscountController {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/discounts/validate',
      operation: 'validateDiscount',
      summary: 'Whether a code can be used, and what it takes off',
      description:
        'Takes no use of the code. `amount` is the fare of all seats before tax; with it the answer says what ' +
        'the code takes off. With `flight_id`, a code of one airline is checked against the flight.',
      tag: TAG,
      auth: 'user',
      input: { body: validateRequest },
      output: { 200: validateAnswer },
      problems: [FlightNotFound],
      handler: async ({ body, principal }) => {
        const verdict = await this.discounts.validate({
          code: body.code,
          userId: principal.userId,
          eligiblePaise: body.amount === undefined ? undefined : rupeesToPaise(body.amount),
          flightId: body.flight_id,
        });
        return reply(200, answerOf(body.code, verdict));
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/discounts',
      operation: 'createDiscount',
      summary: 'Make a discount code',
      tag: TAG,
      auth: 'admin',
      input: { body: createRequest },
      output: { 201: discountView },
      problems: [CodeTaken],
      handler: async ({ body }) => reply(201, viewOf(await this.discounts.create(termsOf(body)))),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/discounts',
      operation: 'listDiscounts',
      summary: 'All codes with their uses, in alphabetical order',
      tag: TAG,
      auth: 'admin',
      input: { query: listQuery },
      output: { 200: discountList },
      handler: async ({ query }) => {
        const { page, more } = await this.discounts.list(query.limit, query.cursor);
        const last = page.at(-1);
        return reply(200, {
          discounts: page.map(viewOf),
          next_cursor: more && last !== undefined ? cursorAfter(last.code) : null,
        });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/discounts/:code/disable',
      operation: 'disableDiscount',
      summary: 'Stop offering a code',
      description: 'Bookings that hold the code keep their discount. Disabling twice is the same as once.',
      tag: TAG,
      auth: 'admin',
      input: { params: z.strictObject({ code: discountCode }), body: z.strictObject({}) },
      output: { 200: discountView },
      problems: [DiscountNotFound],
      handler: async ({ params }) => reply(200, viewOf(await this.discounts.disable(params.code))),
    }),
  ];

  constructor(private readonly discounts: DiscountService) {}
}

function answerOf(code: string, verdict: Verdict): ValidateAnswer {
  if (!verdict.valid) return { valid: false, code, reason: verdict.reason, message: verdict.message };
  return {
    valid: true,
    ...offerOf(verdict.discount),
    ...(verdict.discountPaise !== undefined && { discount_amount: paiseToRupees(verdict.discountPaise) }),
  };
}
