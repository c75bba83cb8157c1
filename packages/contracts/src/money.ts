import { z } from 'zod';

/** The one currency that is sold in. ISO 4217. */
export const CURRENCY = 'INR';

const PAISE_PER_RUPEE = 100;
/** One hundred million rupees: far above any fare, far below where doubles lose paise. */
const MAX_RUPEES = 100_000_000;

/** An amount of rupees on the wire: a JSON number with at most two decimals. */
export const rupees = z
  .number()
  .min(-MAX_RUPEES)
  .max(MAX_RUPEES)
  .refine((value) => Math.abs(value * PAISE_PER_RUPEE - Math.round(value * PAISE_PER_RUPEE)) < 1e-6, {
    error: 'must have at most two decimals',
  })
  .meta({ description: 'Rupees, at most two decimals' });

/** An amount of rupees that somebody pays: a paisa at least. */
export const positiveRupees = rupees.refine((value) => rupeesToPaise(value) > 0, {
  error: 'must be greater than zero',
});

/** Money on the wire: a decimal amount and its currency. */
export const money = z.strictObject({ amount: rupees, currency: z.literal(CURRENCY) });
/** See {@link money}. */
export type Money = z.infer<typeof money>;

/** Integer paise, as money is kept inside and between services. */
export const paise = z.int();

/** Rupees as they came over the wire, in paise. */
export const rupeesToPaise = (amount: number): number => Math.round(amount * PAISE_PER_RUPEE);

/** Paise as rupees for the wire; exact for every amount that {@link rupees} admits. */
export const paiseToRupees = (amount: number): number => amount / PAISE_PER_RUPEE;

/** The sum of amounts in paise. */
export const sumPaise = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);

/** Paise as money on the wire. */
export const paiseToMoney = (amount: number): Money => ({
  amount: paiseToRupees(amount),
  currency: CURRENCY,
});

/** Building one costs a hundred times what using it does. */
const RUPEES = new Intl.NumberFormat('en-IN', { style: 'currency', currency: CURRENCY });

/** Paise for people to read, such as `₹6,331.00`. */
export const formatPaise = (amount: number): string => RUPEES.format(paiseToRupees(amount));

/** Hundredths of a percent: 500 is 5 %. */
export type BasisPoints = number;

const BASIS_POINTS_PER_ONE = 10_000;
const BASIS_POINTS_PER_PERCENT = 100;

/** Basis points as a percentage, for people and the wire. */
export const percentOf = (rate: BasisPoints): number => rate / BASIS_POINTS_PER_PERCENT;

/** A percentage in basis points, of which it may have no smaller parts. */
export const basisPointsOf = (percent: number): BasisPoints => Math.round(percent * BASIS_POINTS_PER_PERCENT);

/** A share of an amount of paise, rounded half up to the paisa: the rounding rule of prices and taxes. */
export const shareOf = (amountPaise: number, rate: BasisPoints): number =>
  Math.floor((amountPaise * rate) / BASIS_POINTS_PER_ONE + 0.5);

/** A share of an amount of paise, rounded in favour of whoever pays it: the rounding rule of fees. */
export const shareDown = (amountPaise: number, rate: BasisPoints): number =>
  Math.floor((amountPaise * rate) / BASIS_POINTS_PER_ONE);

/**
 * A share of an amount of paise, rounded up to a whole step: the rounding rule of surcharges, so that none of them is
 * lost by rounding.
 */
export const shareUp = (amountPaise: number, rate: BasisPoints, stepPaise: number): number =>
  Math.ceil((amountPaise * rate) / (BASIS_POINTS_PER_ONE * stepPaise)) * stepPaise;

/** The whole step that is nearest to an amount of paise, of which it may have parts: for fares that are invented. */
export const nearestStep = (amountPaise: number, stepPaise: number): number =>
  Math.round(amountPaise / stepPaise) * stepPaise;

/**
 * Goods and services tax on a taxable value. It is computed as two equal halves, each rounded, so that
 * central and state tax are always the same (CGST = SGST) and the integrated tax equals their sum.
 */
export const gstOn = (taxablePaise: number, rate: BasisPoints): number => 2 * shareOf(taxablePaise, rate / 2);
