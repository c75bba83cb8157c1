import { discountCode, rupeesToPaise } from '@flight-booking/contracts';
import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { FlightNotFound } from '../flights/flight.errors.js';
import { CodeTaken, DiscountNotFound } from './discount.errors.js';
import {
  createRequest,
  discountList,
  discountView,
  listQuery,
  validateAnswer,
  validateRequest,
} from './discount.schemas.js';
import type { DiscountService } from './discount.service.js';
import { toDiscountTerms, toDiscountView, toValidateAnswer } from './discount.view.js';

const TAG = 'Discounts';

/** Codes for customers and administrators. */
export class DiscountController implements RouteSource {
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
        return reply(200, toValidateAnswer(body.code, verdict));
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
      handler: async ({ body }) =>
        reply(201, toDiscountView(await this.discounts.create(toDiscountTerms(body)))),
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
        const { items, nextCursor } = await this.discounts.list(query.limit, query.cursor);
        return reply(200, { discounts: items.map(toDiscountView), next_cursor: nextCursor });
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
      input: { params: z.strictObject({ code: discountCode }) },
      output: { 200: discountView },
      problems: [DiscountNotFound],
      handler: async ({ params }) => reply(200, toDiscountView(await this.discounts.disable(params.code))),
    }),
  ];

  constructor(private readonly discounts: DiscountService) {}
}
