import type { Figures } from '../measure/figures.js';

/** What is aimed at, and how it turned out. */
export interface Goal {
  /** Such as `at least 0.9`. */
  readonly text: string;
  /** What was measured, in the unit of the text. */
  readonly measured: number;
  readonly isMet: boolean;
}

/** A line of the table. */
export interface Result {
  readonly path: string;
  readonly ours: Figures;
  readonly yardstick?: { readonly name: string; readonly figures: Figures };
  readonly goals: readonly Goal[];
  /** What one has to know to read the line. */
  readonly note?: string;
}

/** A goal that is met from a value on. */
export const atLeast = (limit: number, measured: number, what: string): Goal => ({
  text: `${what} ≥ ${limit}`,
  measured,
  isMet: measured >= limit,
});

/** A goal that is met below a value. */
export const below = (limit: number, measured: number, what: string): Goal => ({
  text: `${what} < ${limit}`,
  measured,
  isMet: measured < limit,
});

/** Requests a second of ours for each of the yardstick's. */
export const throughputRatio = (ours: Figures, yardstick: Figures): number =>
  (ours.perSecond ?? NaN) / (yardstick.perSecond ?? NaN);
