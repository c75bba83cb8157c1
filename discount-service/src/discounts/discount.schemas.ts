import {
  airlineCode,
  cursorOf,
  discountCode,
  id,
  instant,
  lineOfText,
  nextCursor,
  pageQuery,
  positiveRupees,
  rupees,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { REFUSAL_REASONS } from './discount.js';

const MAX_LIMIT = 1_000_000_000;

const percent = z
  .number()
  .min(0.01)
  .max(100)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, {
    error: 'must have at most two decimals',
  });
const limit = z.int().min(1).max(MAX_LIMIT);

/** `POST /api/discounts/validate` */
export const validateRequest = z.strictObject({
  code: discountCode,
  /** The fare of all seats before tax. */
  amount: positiveRupees.optional(),
  flight_id: id.optional(),
});

/** Whether a code can be used, and what it takes off. */
export const validateAnswer = z.discriminatedUnion('valid', [
  z.strictObject({
    valid: z.literal(true),
    code: z.string(),
    type: z.enum(['percent', 'flat']),
    description: z.string(),
    percent: percent.optional(),
    amount: rupees.optional(),
    max_discount: rupees.optional(),
    minimum_amount: rupees.optional(),
    airline_code: z.string().optional(),
    discount_amount: rupees.optional(),
  }),
  z.strictObject({
    valid: z.literal(false),
    code: z.string(),
    reason: z.enum(REFUSAL_REASONS),
    message: z.string(),
  }),
]);
/** See {@link validateAnswer}. */
export type ValidateAnswer = z.input<typeof validateAnswer>;

const conditions = {
  code: discountCode,
  description: lineOfText(1, 200),
  minimum_amount: positiveRupees.optional(),
  total_limit: limit.optional(),
  per_user_limit: limit.optional(),
  valid_from: instant.optional(),
  valid_until: instant.optional(),
  airline_code: airlineCode.optional(),
};

/** `POST /api/discounts` */
export const createRequest = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...conditions,
      type: z.literal('percent'),
      percent,
      max_discount: positiveRupees.optional(),
    }),
    z.strictObject({ ...conditions, type: z.literal('flat'), amount: positiveRupees }),
  ])
  .refine(
    ({ valid_from: from, valid_until: until }) =>
      from === undefined || until === undefined || new Date(from) < new Date(until),
    { path: ['valid_until'], error: 'must be after valid_from' },
  );
/** See {@link createRequest}. */
export type CreateRequest = z.output<typeof createRequest>;

/** A code as an administrator sees it. `uses` counts bookings that hold or have redeemed it. */
export const discountView = z.strictObject({
  code: z.string(),
  description: z.string(),
  type: z.enum(['percent', 'flat']),
  percent: percent.optional(),
  amount: rupees.optional(),
  max_discount: rupees.optional(),
  minimum_amount: rupees.optional(),
  total_limit: limit.optional(),
  per_user_limit: limit.optional(),
  valid_from: instant.optional(),
  valid_until: instant.optional(),
  airline_code: z.string().optional(),
  active: z.boolean(),
  uses: z.int().min(0),
  remaining: z.int().min(0).optional(),
  created_at: instant,
});
/** See {@link discountView}. */
export type DiscountView = z.infer<typeof discountView>;

/** `GET /api/discounts`. A list is ordered by code; its cursor hides the last code of the page. */
export const listQuery = pageQuery(50).extend({ cursor: cursorOf(discountCode).optional() });

/** A page of codes. */
export const discountList = z.strictObject({
  discounts: z.array(discountView),
  next_cursor: nextCursor,
});
