import { z } from 'zod';
import { money, paise, paiseToMoney, type Money } from './money.js';
import { cabin, id } from './scalars.js';

/** How a fare is sold: `saver` is the cheaper one, `flex` costs more and gives more back when it is cancelled. */
export const fareBrand = z.enum(['saver', 'flex']);
/** See {@link fareBrand}. */
export type FareBrand = z.infer<typeof fareBrand>;

/** What is sold to whoever does not ask for a brand. */
export const DEFAULT_FARE_BRAND: FareBrand = 'saver';

const percent = z.number().min(0).max(100);
const kilograms = z.int().min(0);

/**
 * What a fare allows and includes, for programs to read. A booking is cancelled by the conditions that it was sold
 * under, however they are changed afterwards.
 */
export const fareConditions = z.strictObject({
  refundable: z.boolean().meta({
    description: 'Whether part of the fare comes back at some time before departure, look-in aside',
  }),
  cancellation: z.strictObject({
    look_in: z.strictObject({ hours: z.int().min(0), notice_days: z.int().min(0) }).meta({
      description: 'So long after booking nothing is kept, if so many days are left to departure then',
    }),
    fees: z
      .array(z.strictObject({ hours_before: z.int().min(0), percent }))
      .min(1)
      .meta({
        description:
          'Otherwise: what of base fare and fuel surcharge is kept when at least so many hours are left before departure',
      }),
  }),
  changes: z.strictObject({
    permitted: z
      .boolean()
      .meta({ description: 'Whether flights can be exchanged; otherwise by cancelling and booking anew' }),
  }),
  baggage: z.strictObject({ cabin_kg: kilograms, checked_kg: kilograms }),
  seat_choice: z.enum(['included', 'none']),
  meal: z.enum(['included', 'none']),
});
/** See {@link fareConditions}. */
export type FareConditions = z.infer<typeof fareConditions>;

/** What one passenger pays on one flight in one cabin and brand, part by part. `total_paise` is the sum of the parts. */
export const fareBreakdown = z.strictObject({
  cabin,
  brand: fareBrand.default(DEFAULT_FARE_BRAND),
  base_fare_paise: paise,
  fuel_surcharge_paise: paise,
  /** Tax on base fare and fuel surcharge, in basis points. */
  gst_rate: z.int().min(0).max(10_000),
  gst_paise: paise,
  user_development_fee_paise: paise,
  aviation_security_fee_paise: paise,
  total_paise: paise,
  /** Absent from fares that were sold before fares had conditions. */
  conditions: fareConditions.optional(),
});
/** See {@link fareBreakdown}. */
export type FareBreakdown = z.infer<typeof fareBreakdown>;

/** What one passenger pays on a flight, as customers are told it; to be sent back with the booking as it is. */
export const offeredFare = z.strictObject({
  flight_id: id,
  cabin,
  brand: fareBrand,
  total: money.meta({ description: 'What one passenger pays: the sum of the parts' }),
  base_fare: money,
  fuel_surcharge: money,
  gst: money.meta({ description: 'Goods and services tax on base fare and fuel surcharge' }),
  user_development_fee: money,
  aviation_security_fee: money,
});
/** See {@link offeredFare}. */
export type OfferedFare = z.infer<typeof offeredFare>;

/** The amounts of an {@link offeredFare}: the total first, then its parts. */
export const FARE_ITEMS = [
  'total',
  'base_fare',
  'fuel_surcharge',
  'gst',
  'user_development_fee',
  'aviation_security_fee',
] as const satisfies readonly (keyof OfferedFare)[];
/** See {@link FARE_ITEMS}. */
export type FareItem = (typeof FARE_ITEMS)[number];

/** The amounts of a fare in paise, by the names that the public wire has for them. */
export type FarePaise = Readonly<Record<FareItem, number>>;

/** The amounts of a fare, as an {@link offeredFare} names them. */
export const farePaiseOf = (fare: FareBreakdown): FarePaise => ({
  total: fare.total_paise,
  base_fare: fare.base_fare_paise,
  fuel_surcharge: fare.fuel_surcharge_paise,
  gst: fare.gst_paise,
  user_development_fee: fare.user_development_fee_paise,
  aviation_security_fee: fare.aviation_security_fee_paise,
});

/** A fare of a flight, as customers are told it. */
export function offeredFareOf(flightId: number, fare: FareBreakdown): OfferedFare {
  const { cabin: inCabin, brand } = fare;
  return { flight_id: flightId, cabin: inCabin, brand, ...moneyOf(farePaiseOf(fare)) };
}

const moneyOf = (paiseByItem: FarePaise): Record<FareItem, Money> =>
  Object.fromEntries(FARE_ITEMS.map((item) => [item, paiseToMoney(paiseByItem[item])])) as Record<
    FareItem,
    Money
  >;
