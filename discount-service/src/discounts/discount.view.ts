import { basisPointsOf, paiseToRupees, percentOf, rupeesToPaise } from '@flight-booking/contracts';
import type { Discount, DiscountTerms } from './discount.js';
import type { CreateRequest, DiscountView, ValidateAnswer } from './discount.schemas.js';
import type { Verdict } from './discount.service.js';

/** A new code as it came over the wire. */
export function toDiscountTerms(request: CreateRequest): DiscountTerms {
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
          percentRate: basisPointsOf(request.percent),
          maxDiscountPaise: request.max_discount === undefined ? null : rupeesToPaise(request.max_discount),
        }),
  };
}

/** What a code gives, in the members that both a customer and an administrator see. */
function offerOf(discount: Discount) {
  return {
    code: discount.code,
    description: discount.description,
    type: discount.type,
    ...(discount.type === 'flat'
      ? { amount: paiseToRupees(discount.amountPaise) }
      : {
          percent: percentOf(discount.percentRate),
          ...(discount.maxDiscountPaise !== null && {
            max_discount: paiseToRupees(discount.maxDiscountPaise),
          }),
        }),
    ...(discount.minimumAmountPaise > 0 && { minimum_amount: paiseToRupees(discount.minimumAmountPaise) }),
    ...(discount.airlineCode !== null && { airline_code: discount.airlineCode }),
  };
}

/** A code for an administrator. */
export function toDiscountView(discount: Discount): DiscountView {
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

/** What a customer is told of a code. */
export function toValidateAnswer(code: string, verdict: Verdict): ValidateAnswer {
  if (!verdict.valid) return { valid: false, code, reason: verdict.reason, message: verdict.message };
  return {
    valid: true,
    ...offerOf(verdict.discount),
    ...(verdict.discountPaise !== undefined && { discount_amount: paiseToRupees(verdict.discountPaise) }),
  };
}
