import { z } from 'zod';
import { basisPointsOf, type BasisPoints } from './money.js';

/** What of the fare is kept by whoever cancels when at least so much time is left before departure. */
export interface CancellationFee {
  readonly hoursBefore: number;
  readonly share: BasisPoints;
}

const ALL_OF_IT = 10_000;
const MAX_HOURS_OR_DAYS = 10_000;
const FORTY_EIGHT_HOURS = 48;
const SEVEN_DAYS = 7;
/** `168:10`: at least 168 hours before departure, 10 percent. */
const FEE = /^(\d{1,5}):(\d{1,3}(?:\.\d{1,2})?)$/;

/**
 * Such as `168:10,24:50,0:100`. Time may only make cancelling dearer, because a customer who hesitates must never
 * be told to wait; and every moment up to departure must have its fee.
 */
export const cancellationFees = z.string().transform((text, context): readonly CancellationFee[] => {
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

const wholeNumber = z.coerce.number().int().min(0).max(MAX_HOURS_OR_DAYS);

/**
 * The variables that say what cancelling costs under the default brand. flight-search sells fares under them; they
 * are booking-service's too, for bookings whose fares were sold without conditions.
 */
export const cancellationFeeVariables = {
  CANCELLATION_LOOK_IN_HOURS: wholeNumber.default(FORTY_EIGHT_HOURS),
  CANCELLATION_LOOK_IN_NOTICE_DAYS: wholeNumber.default(SEVEN_DAYS),
  CANCELLATION_FEES_ECONOMY: cancellationFees.prefault('168:10,72:25,24:50,2:75,0:100'),
  CANCELLATION_FEES_BUSINESS: cancellationFees.prefault('168:5,72:15,24:30,2:50,0:100'),
};

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
