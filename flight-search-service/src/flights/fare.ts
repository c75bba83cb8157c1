import { type BasisPoints, type Cabin, type FareBreakdown, gstOn } from '@flight-booking/contracts';
import { type Airport, HOME_COUNTRY, isDomestic } from '../airports/airport.js';

/** Base fare and fuel surcharge of one cabin, per passenger, before tax. */
export interface CabinFare {
  readonly baseFarePaise: number;
  readonly fuelSurchargePaise: number;
}

/** Whether two fares are the same, part by part. */
export const sameFare = (one: CabinFare, other: CabinFare): boolean =>
  one.baseFarePaise === other.baseFarePaise && one.fuelSurchargePaise === other.fuelSurchargePaise;

/**
 * Fares of the timetable are whole multiples of ten rupees. Both halves of the tax on them (2.5 % and 9 %) then come out
 * in whole paise, and no invoice shows a rounding.
 */
export const FARE_STEP_PAISE = 1000;

/** Rates of goods and services tax by cabin in basis points, from 22 September 2025. Demo figures. */
const GST_RATES: Readonly<Record<Cabin, BasisPoints>> = { economy: 500, business: 1800 };

/** What airports and the state take of each passenger of a flight, untaxed. */
export interface AirportCharges {
  readonly userDevelopmentFeePaise: number;
  readonly aviationSecurityFeePaise: number;
}

/** Charges per departing passenger. Demo figures. */
const CHARGES = {
  domestic: { userDevelopmentFeePaise: 43_200, aviationSecurityFeePaise: 23_600 },
  international: { userDevelopmentFeePaise: 127_000, aviationSecurityFeePaise: 102_000 },
  /** Abroad one amount stands for whatever the airport takes. */
  fromAbroad: { userDevelopmentFeePaise: 215_000, aviationSecurityFeePaise: 0 },
} as const satisfies Record<string, AirportCharges>;

/** The charges of a flight. */
export function chargesOf(source: Airport, destination: Airport): AirportCharges {
  if (source.country !== HOME_COUNTRY) return CHARGES.fromAbroad;
  return isDomestic(source, destination) ? CHARGES.domestic : CHARGES.international;
}

/** The rate of tax on a flight: the place of supply is where the passenger boards, so boarding abroad bears none. */
export const gstRateOf = (cabin: Cabin, source: Airport): BasisPoints =>
  source.country === HOME_COUNTRY ? GST_RATES[cabin] : 0;

/** What a fare comes to, part by part, when it is taxed at a rate and airport charges are added. */
export function taxedFare(
  fare: CabinFare,
  charges: AirportCharges,
  rate: BasisPoints,
): Omit<FareBreakdown, 'cabin' | 'brand' | 'conditions'> {
  const taxable = fare.baseFarePaise + fare.fuelSurchargePaise;
  const gst = gstOn(taxable, rate);
  return {
    base_fare_paise: fare.baseFarePaise,
    fuel_surcharge_paise: fare.fuelSurchargePaise,
    gst_rate: rate,
    gst_paise: gst,
    user_development_fee_paise: charges.userDevelopmentFeePaise,
    aviation_security_fee_paise: charges.aviationSecurityFeePaise,
    total_paise: taxable + gst + charges.userDevelopmentFeePaise + charges.aviationSecurityFeePaise,
  };
}
