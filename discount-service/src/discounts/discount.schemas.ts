import {
  airlineCode,
  cursorOf,
  discountCode,
  id,
  instant,
  lineOfText,
  nextCursor,
  pageLimit,
  paiseToRupees,
  positiveRupees,
  rupees,
  rupeesToPaise,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { REFUSAL_REASONS, type Discount, type DiscountTerms } from './discount.js';

const BASIS_POINTS_PER_PERCENT = 100;
const MAX_LIMIT = 1_000_000_000;
const DEFAULT_PAGE = 50;
const MAX_PAGE = 100;

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
export type ValidateAnswer = z.infer<typeof validateAnswer>;

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

/** `GET /api/discounts` */
export const listQuery = z.strictObject({
  limit: pageLimit(DEFAULT_PAGE, MAX_PAGE),
  /** A list is ordered by code; its cursor hides the last code of the page. */
  cursor: cursorOf(discountCode).optional(),
});

/** A page of codes. */
export const discountList = z.strictObject({
  discounts: z.array(discountView),
  next_cursor: nextCursor,
});

/** A new code as it came over the wire. */
export function termsOf(request: z.output<typeof createRequest>): DiscountTerms {
  return {
    code: request.code,
    description: request.description,
    minimumAmountPaise: rupeesToPaise(request.minimum_amount ?? 0),
    totalLimit: request.total_limit ?? null,
    perUserLimit: request.per_user_limit ?? null,
    validFrom: request.valid_from === undefined ? null : new Date(request.valid_from),
    validUntil: request.valid_until === undefined ? null : new Date(request.valid_until),
    airlineCode: request.airline_code ?? null,
    ...(request.type === 'flat'
      ? { type: 'flat', amountPaise: rupeesToPaise(request.amount) }
      : {
          type: 'percent',
          percentRate: Math.round(request.percent * BASIS_POINTS_PER_PERCENT),
          maxDiscountPaise: request.max_discount === undefined ? null : rupeesToPaise(request.max_discount),
        }),
  };
}

/** What a code gives, in the members that both a customer and an administrator see. */
export function offerOf(discount: Discount) {
  return {
    code: discount.code,
    description: discount.description,
    type: discount.type,
    ...(discount.type === 'flat'
      ? { amount: paiseToRupees(discount.amountPaise) }
      : {
          percent: discount.percentRate / BASIS_POINTS_PER_PERCENT,
          ...(discount.maxDiscountPaise !== null && {
            max_discount: paiseToRupees(discount.maxDiscountPaise),
          }),
        }),
    ...(discount.minimumAmountPaise > 0 && { minimum_amount: paiseToRupees(discount.minimumAmountPaise) }),
    ...(discount.airlineCode !== null && { airline_code: discount.airlineCode }),
  };
}

/** A code for an administrator. */
export function viewOf(discount: Discount): z.input<typeof discountView> {
  const { totalLimit, perUserLimit, validFrom, validUntil, active, uses, createdAt } = discount;
  return {
    ...offerOf(discount),
    ...(totalLimit !== null && { total_limit: totalLimit, remaining: totalLimit - uses }),
    ...(perUserLimit !== null && { per_user_limit: perUserLimit }),
    ...(validFrom !== null && { valid_from: validFrom.toISOString() }),
    ...(validUntil !== null && { valid_until: validUntil.toISOString() }),
    active,
    uses,
    created_at: createdAt.toISOString(),
  };
}
