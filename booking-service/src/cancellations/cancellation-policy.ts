import { cancellationFeeVariables, type Cabin, type CancellationFee } from '@flight-booking/contracts';
import { milliseconds } from '@flight-booking/platform';
import type { z } from 'zod';

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

const FIFTEEN_MINUTES_MS = 900_000;

/** The variables that carry the policy. */
export const cancellationVariables = {
  ...cancellationFeeVariables,
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
