import { basisPointsOf, type BasisPoints, type Cabin } from '@flight-booking/contracts';
import { milliseconds } from '@flight-booking/platform';
import { z } from 'zod';

/** What of the fare is kept by whoever cancels when at least so much time is left before departure. */
export interface CancellationFee {
  readonly hoursBefore: number;
  readonly share: BasisPoints;
}

/** The figures of the rules for cancelling. */
export interface CancellationPolicy {
  /** How long after booking it may be cancelled for nothing, where it has a look-in. */
  readonly lookInHours: number;
  /** How long before departure a booking must be made to have a look-in. */
  readonly lookInNoticeDays: number;
  /** By cabin; the longest time before departure first, and the last of them from departure itself. */
  readonly fees: Readonly<Record<Cabin, readonly CancellationFee[]>>;
  /** How long a quote may be thought about. */
  readonly quoteTtlMs: number;
}

const FORTY_EIGHT_HOURS = 48;
const SEVEN_DAYS = 7;
const FIFTEEN_MINUTES_MS = 900_000;
const ALL_OF_IT = 10_000;
/** `168:10`: at least 168 hours before departure, 10 percent. */
const FEE = /^(\d{1,5}):(\d{1,3}(?:\.\d{1,2})?)$/;

const wholeNumber = z.coerce.number().int().min(0).max(10_000);

/**
 * Such as `168:10,24:50,0:100`. Time may only make cancelling dearer, because a customer who hesitates must never
 * be told to wait; and every moment up to departure must have its fee.
 */
const fees = z.string().transform((text, context): readonly CancellationFee[] => {
  const tiers = text.split(',').map(feeOf);
  const known = tiers.filter((tier) => tier !== undefined);
  if (known.length === tiers.length && known.at(-1)?.hoursBefore === 0 && growDearer(known)) return known;
  context.addIssue({
    code: 'custom',
    message:
      'must be like 168:10,24:50,0:100: hours before departure falling to 0, each with a percentage that does not fall',
  });
  return z.NEVER;
});

function feeOf(tier: string): CancellationFee | undefined {
  const [, hours, percent] = FEE.exec(tier.trim()) ?? [];
  const share = basisPointsOf(Number(percent));
  return hours === undefined || share > ALL_OF_IT ? undefined : { hoursBefore: Number(hours), share };
}

const growDearer = (tiers: readonly CancellationFee[]): boolean =>
  tiers.every((tier, index) => {
    const earlier = tiers[index - 1];
    return earlier === undefined || (tier.hoursBefore < earlier.hoursBefore && tier.share >= earlier.share);
  });

/** The variables that carry the policy. */
export const cancellationVariables = {
  CANCELLATION_LOOK_IN_HOURS: wholeNumber.default(FORTY_EIGHT_HOURS),
  CANCELLATION_LOOK_IN_NOTICE_DAYS: wholeNumber.default(SEVEN_DAYS),
  CANCELLATION_FEES_ECONOMY: fees.prefault('168:10,72:25,24:50,2:75,0:100'),
  CANCELLATION_FEES_BUSINESS: fees.prefault('168:5,72:15,24:30,2:50,0:100'),
  /** How long a quote may be thought about. */
  CANCELLATION_QUOTE_TTL_MS: milliseconds.default(FIFTEEN_MINUTES_MS),
};

/** The part of the configuration that {@link cancellationVariables} are. */
type CancellationConfig = Readonly<z.output<z.ZodObject<typeof cancellationVariables>>>;

/** The policy that a configuration describes. */
export const policyOf = (config: CancellationConfig): CancellationPolicy => ({
  lookInHours: config.CANCELLATION_LOOK_IN_HOURS,
  lookInNoticeDays: config.CANCELLATION_LOOK_IN_NOTICE_DAYS,
  fees: { economy: config.CANCELLATION_FEES_ECONOMY, business: config.CANCELLATION_FEES_BUSINESS },
  quoteTtlMs: config.CANCELLATION_QUOTE_TTL_MS,
});
