import { formatPaise, shareOf, type BasisPoints } from '@flight-booking/contracts';

/** A share of the fare, up to a cap where there is one. */
interface PercentRule {
  readonly type: 'percent';
  readonly percentRate: BasisPoints;
  readonly maxDiscountPaise: number | null;
}

/** A fixed amount. */
interface FlatRule {
  readonly type: 'flat';
  readonly amountPaise: number;
}

/** What an administrator decides about a code. Absent conditions are null, as they lie in the database. */
export type DiscountTerms = (PercentRule | FlatRule) & {
  readonly code: string;
  readonly description: string;
  readonly minimumAmountPaise: number;
  readonly totalLimit: number | null;
  readonly perUserLimit: number | null;
  readonly validFrom: Date | null;
  /** The first instant at which the code is over. */
  readonly validUntil: Date | null;
  readonly airlineCode: string | null;
};

/** A discount code. */
export type Discount = DiscountTerms & {
  readonly active: boolean;
  /** Redemptions that are held or redeemed. */
  readonly uses: number;
  readonly createdAt: Date;
};

/** Why a code cannot be used. */
export const REFUSAL_REASONS = [
  'unknown',
  'disabled',
  'not_started',
  'expired',
  'used_up',
  'already_used',
  'wrong_airline',
  'below_minimum',
] as const;
/** See {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Why a code cannot be used, for programs and for people. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** A use that somebody has in mind. What is not known yet is not held against the code. */
export interface IntendedUse {
  readonly now: Date;
  /** Uses that this customer has already. */
  readonly customerUses: number;
  readonly eligiblePaise?: number | undefined;
  readonly airlineCodes?: readonly string[] | undefined;
}

/** The refusal of a code that nobody made. */
export const unknownCode = (code: string): Refusal => ({
  reason: 'unknown',
  message: `There is no code ${code}. Check its spelling.`,
});

const refuse = (reason: RefusalReason, message: string): Refusal => ({ reason, message });

/** Why a code has no use left for a customer; undefined when it has one. */
export function limitRefusalOf(discount: Discount, customerUses: number): Refusal | undefined {
  const { code, totalLimit, perUserLimit, uses } = discount;
  if (totalLimit !== null && uses >= totalLimit)
    return refuse('used_up', `All ${totalLimit} uses of ${code} are taken.`);
  if (perUserLimit !== null && customerUses >= perUserLimit)
    return refuse('already_used', `You have used ${code} as often as a customer may: ${perUserLimit}.`);
  return undefined;
}

/** Why the code does not apply to a use; undefined when it does. What the customer can change comes last. */
export function refusalOf(discount: Discount, use: IntendedUse): Refusal | undefined {
  const { code, validFrom, validUntil, airlineCode, minimumAmountPaise } = discount;
  if (!discount.active) return refuse('disabled', `${code} is not offered any more.`);
  if (validFrom !== null && use.now < validFrom)
    return refuse('not_started', `${code} can be used from ${dayOf(validFrom)}.`);
  if (validUntil !== null && use.now >= validUntil)
    return refuse('expired', `${code} ended on ${dayOf(validUntil)}.`);
  const limitRefusal = limitRefusalOf(discount, use.customerUses);
  if (limitRefusal !== undefined) return limitRefusal;
  if (airlineCode !== null && use.airlineCodes?.some((flown) => flown !== airlineCode) === true)
    return refuse(
      'wrong_airline',
      `${code} is only for flights of ${airlineCode}. Choose one of its flights.`,
    );
  if (use.eligiblePaise !== undefined && use.eligiblePaise < minimumAmountPaise)
    return refuse('below_minimum', `${code} needs a fare of ${formatPaise(minimumAmountPaise)} before tax.`);
  return undefined;
}

/** What the code takes off an amount: never more than the amount itself. */
export function discountOn(discount: DiscountTerms, eligiblePaise: number): number {
  const wanted =
    discount.type === 'flat'
      ? discount.amountPaise
      : Math.min(shareOf(eligiblePaise, discount.percentRate), discount.maxDiscountPaise ?? Infinity);
  return Math.min(wanted, eligiblePaise);
}

const DAY = new Intl.DateTimeFormat('en-IN', { dateStyle: 'long', timeZone: 'Asia/Kolkata' });

/** Days are told as they are in India, where the codes are offered. */
const dayOf = (instant: Date): string => DAY.format(instant);
