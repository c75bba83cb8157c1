import {
  type BasisPoints,
  basisPointsOf,
  type Cabin,
  type CancellationFee,
  cancellationFees,
  cancellationFeeVariables,
  type FareBrand,
  fareBrand,
  type FareBreakdown,
  type FareConditions,
  percentOf,
  shareUp,
} from '@flight-booking/contracts';
import { z } from 'zod';
import { airportOf } from '../airports/airport-directory.js';
import { type AirportCharges, type CabinFare, FARE_STEP_PAISE, gstRateOf, taxedFare } from './fare.js';

/** What a passenger may take along and is given. Demo figures. */
const AMENITIES: Readonly<
  Record<FareBrand, Readonly<Record<Cabin, Pick<FareConditions, 'baggage' | 'meal'>>>>
> = {
  saver: {
    economy: { baggage: { cabin_kg: 7, checked_kg: 15 }, meal: 'none' },
    business: { baggage: { cabin_kg: 12, checked_kg: 30 }, meal: 'included' },
  },
  flex: {
    economy: { baggage: { cabin_kg: 7, checked_kg: 25 }, meal: 'included' },
    business: { baggage: { cabin_kg: 12, checked_kg: 40 }, meal: 'included' },
  },
};

const ALL_OF_IT = 10_000;
const MAX_SURCHARGE_PERCENT = 1_000;

/** The variables that say how brands differ. Demo figures. */
export const fareVariables = {
  ...cancellationFeeVariables,
  CANCELLATION_FEES_ECONOMY_FLEX: cancellationFees.prefault('24:0,2:25,0:50'),
  CANCELLATION_FEES_BUSINESS_FLEX: cancellationFees.prefault('24:0,2:10,0:25'),
  /** How much dearer the base fare is in flex, in percent. */
  FLEX_SURCHARGE_PERCENT: z.coerce.number().min(0).max(MAX_SURCHARGE_PERCENT).default(25),
};

/** The part of the configuration that {@link fareVariables} are. */
type FareConfig = Readonly<z.output<z.ZodObject<typeof fareVariables>>>;

/** A flight as far as its fares go. */
export interface PricedFlight {
  readonly sourceCode: string;
  readonly charges: AirportCharges;
  readonly cabins: readonly { readonly cabin: Cabin; readonly fare: CabinFare }[];
}

/**
 * How the one fare that a flight has in a cabin is sold under each brand: saver as it is, flex for a surcharge on the
 * base fare. What search shows and what booking-service charges are both made here, so the price shown is the price
 * charged; and a booking is cancelled by the conditions that come with its fare.
 */
export class FareRules {
  private readonly flexSurcharge: BasisPoints;
  private readonly conditions: Readonly<Record<FareBrand, Readonly<Record<Cabin, FareConditions>>>>;

  constructor(config: FareConfig) {
    this.flexSurcharge = basisPointsOf(config.FLEX_SURCHARGE_PERCENT);
    this.conditions = {
      saver: {
        economy: conditionsOf(config, 'saver', 'economy', config.CANCELLATION_FEES_ECONOMY),
        business: conditionsOf(config, 'saver', 'business', config.CANCELLATION_FEES_BUSINESS),
      },
      flex: {
        economy: conditionsOf(config, 'flex', 'economy', config.CANCELLATION_FEES_ECONOMY_FLEX),
        business: conditionsOf(config, 'flex', 'business', config.CANCELLATION_FEES_BUSINESS_FLEX),
      },
    };
  }

  /** What a brand allows and includes in a cabin. */
  conditionsOf(cabin: Cabin, brand: FareBrand): FareConditions {
    return this.conditions[brand][cabin];
  }

  /** What one passenger pays on a flight in a cabin and brand, part by part. */
  breakdownOf(
    { sourceCode, charges }: Omit<PricedFlight, 'cabins'>,
    cabin: Cabin,
    fare: CabinFare,
    brand: FareBrand,
  ): FareBreakdown {
    const rate = gstRateOf(cabin, airportOf(sourceCode));
    return { cabin, brand, ...taxedFare(this.soldAs(brand, fare), charges, rate) };
  }

  /** The fares of a flight: by cabin, and in each by brand. */
  breakdownsOf(flight: PricedFlight): FareBreakdown[] {
    return flight.cabins.flatMap(({ cabin, fare }) =>
      fareBrand.options.map((brand) => this.breakdownOf(flight, cabin, fare, brand)),
    );
  }

  /** The surcharge is rounded up to a whole step, so that flex is never as cheap as saver by rounding. */
  private soldAs(brand: FareBrand, fare: CabinFare): CabinFare {
    if (brand === 'saver') return fare;
    const surcharge = shareUp(fare.baseFarePaise, this.flexSurcharge, FARE_STEP_PAISE);
    return { ...fare, baseFarePaise: fare.baseFarePaise + surcharge };
  }
}

const conditionsOf = (
  config: FareConfig,
  brand: FareBrand,
  cabin: Cabin,
  fees: readonly CancellationFee[],
): FareConditions => ({
  refundable: fees.some(({ share }) => share < ALL_OF_IT),
  cancellation: {
    look_in: {
      hours: config.CANCELLATION_LOOK_IN_HOURS,
      notice_days: config.CANCELLATION_LOOK_IN_NOTICE_DAYS,
    },
    fees: fees.map(({ hoursBefore, share }) => ({ hours_before: hoursBefore, percent: percentOf(share) })),
  },
  // Flights of a booking cannot be exchanged: it is cancelled under these conditions, and another one is made.
  changes: { permitted: false },
  // Every lock may name its seats.
  seat_choice: 'included',
  ...AMENITIES[brand][cabin],
});
