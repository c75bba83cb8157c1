import {
  shareDown,
  type BasisPoints,
  type Cabin,
  type CancellationFee,
  type FareBrand,
  type PriceLineDetail,
  type PriceLineKind,
  type RefundLine,
  sumPaise,
} from '@flight-booking/contracts';
import type { OfferedBooking } from '../bookings/booking.js';
import { fareGroupsOf, type FareGroup } from '../prices/fare-group.js';
import { apportion } from '../prices/largest-remainder.js';
import type { CancellationPolicy } from './cancellation-policy.js';
import { fareTermsOf, strictestLookIn, type FareTerms, type LookIn } from './fare-terms.js';

/** The rules by which money is kept or comes back. */
export const CANCELLATION_RULES = [
  'nothing_paid',
  'flight_cancelled',
  'look_in',
  'fee_before_departure',
] as const;
/** By which rule money is kept or comes back. */
export type CancellationRule = (typeof CANCELLATION_RULES)[number];

/** One line of the price and what a cancellation makes of it: `paid = kept + comes back`, also where negative. */
export interface CancellationLine {
  readonly flightId: number;
  readonly kind: PriceLineKind;
  readonly description: string;
  readonly paidPaise: number;
  readonly keptPaise: number;
  readonly refundPaise: number;
}

/** The fee that applies to a cabin. */
export interface CabinFee extends CancellationFee {
  readonly cabin: Cabin;
  readonly brand: FareBrand;
}

/** The rule that a cancellation follows, with the figures that it goes by. */
export type AppliedRule =
  | { readonly rule: 'nothing_paid' | 'flight_cancelled' }
  | { readonly rule: 'look_in'; readonly lookIn: LookIn }
  | { readonly rule: 'fee_before_departure'; readonly fees: readonly CabinFee[] };

/** What a cancellation keeps and gives back. */
interface CancellationMoney {
  /** None when nothing was paid. */
  readonly lines: readonly CancellationLine[];
  readonly paidPaise: number;
  readonly keptPaise: number;
  readonly refundPaise: number;
  /** Up to this instant and at it the rules give the same; afterwards they may keep more. */
  readonly standsUntil: Date;
}

/** What cancelling a booking means for its money, and by which rule. */
export type CancellationTerms = CancellationMoney & AppliedRule;

/** What of a booking the rules look at. */
export type CancellableBooking = Pick<
  OfferedBooking,
  | 'createdAt'
  | 'departsAt'
  | 'expiresAt'
  | 'paymentId'
  | 'cancelledFlightId'
  | 'priceLines'
  | 'seats'
  | 'flights'
  | 'fareBrand'
>;

const HOUR_MS = 3_600_000;
const HOURS_PER_DAY = 24;

/** What a fee may be taken from, less the discount: taxes and airport fees always come back. */
const FARE_KINDS: readonly PriceLineKind[] = ['base_fare', 'fuel_surcharge'];

/**
 * What cancelling a booking would keep and give back. An airline that withdrew a flight keeps nothing, nor is
 * anything kept within the look-in; otherwise a share of base fare and fuel surcharge after discount is, by the
 * time left before the first departure and by cabin. Every limit itself still counts as the better side of it.
 *
 * @param at before departure, unless nothing is paid or the airline withdrew a flight
 */
export function cancellationTerms(
  policy: CancellationPolicy,
  booking: CancellableBooking,
  at: Date,
): CancellationTerms {
  if (booking.paymentId === null) return { rule: 'nothing_paid', ...moneyOf([], booking.expiresAt) };
  const groups = fareGroupsOf(booking.priceLines, booking.seats);
  if (booking.cancelledFlightId !== null)
    return { rule: 'flight_cancelled', ...moneyInFull(groups, booking.departsAt) };
  const sold = groups.map((group) => ({ group, terms: fareTermsOf(booking.flights, group, policy) }));
  const lookIn = strictestLookIn(sold.map(({ terms }) => terms));
  const lookInEnds = lookInEndOf(lookIn, booking);
  if (lookInEnds !== undefined && at <= lookInEnds)
    return { rule: 'look_in', lookIn, ...moneyInFull(groups, lookInEnds) };
  const leftMs = booking.departsAt.getTime() - at.getTime();
  const due = sold.map(({ group, terms }): DueFee => ({ group, fee: feeOf(terms, leftMs) }));
  const lines = due.flatMap(({ group, fee }) => linesKeeping(group, fee.share));
  const cheapestUntil = Math.max(...due.map(({ fee }) => fee.hoursBefore)) * HOUR_MS;
  const standsUntil = new Date(booking.departsAt.getTime() - cheapestUntil);
  const fees = feesByCabin(due, booking.fareBrand);
  return { rule: 'fee_before_departure', fees, ...moneyOf(lines, standsUntil) };
}

/** What a cancellation gives back, line by line, as other services are told. */
export const refundLinesOf = (lines: readonly CancellationLine[]): RefundLine[] =>
  linesOf(lines, ({ refundPaise }) => refundPaise);

/** What a cancellation keeps, line by line, as other services are told when that is given back. */
export const keptLinesOf = (lines: readonly CancellationLine[]): RefundLine[] =>
  linesOf(lines, ({ keptPaise }) => keptPaise);

const linesOf = (
  lines: readonly CancellationLine[],
  paiseOf: (line: CancellationLine) => number,
): RefundLine[] =>
  lines
    .filter((line) => paiseOf(line) !== 0)
    .map((line) => ({
      flight_id: line.flightId,
      kind: line.kind,
      description: line.description,
      amount_paise: paiseOf(line),
    }));

/** When the free time ends; undefined for a booking that was made too late to have any. */
function lookInEndOf(
  { hours, noticeDays }: LookIn,
  { createdAt, departsAt }: CancellableBooking,
): Date | undefined {
  const noticeMs = departsAt.getTime() - createdAt.getTime();
  if (noticeMs < noticeDays * HOURS_PER_DAY * HOUR_MS) return undefined;
  return new Date(Math.min(createdAt.getTime() + hours * HOUR_MS, departsAt.getTime()));
}

/** The fee that applies to the lines of one flight and cabin. */
interface DueFee {
  readonly group: FareGroup;
  readonly fee: CancellationFee;
}

function feeOf({ fees }: FareTerms, leftMs: number): CancellationFee {
  const fee = fees.find(({ hoursBefore }) => leftMs >= hoursBefore * HOUR_MS);
  if (fee === undefined) throw new Error('A flight that has departed has no fee for cancelling.');
  return fee;
}

/** Each fee once: the flights of a booking are mostly sold under the same. */
const feesByCabin = (due: readonly DueFee[], brand: FareBrand): CabinFee[] => [
  ...new Map(
    due.map(({ group: { cabin }, fee }) => [
      `${cabin}/${fee.hoursBefore}/${fee.share}`,
      { ...fee, cabin, brand },
    ]),
  ).values(),
];

/**
 * The lines of a group when a share of its fare is kept. The fee is rounded once for the group; the discount takes
 * its part in it, and the fares bear the rest by largest remainder, so that no line keeps more than was paid.
 */
function linesKeeping({ lines }: FareGroup, share: BasisPoints): CancellationLine[] {
  const fee = shareDown(sumPaise(lines.map(farePartOf)) + sumPaise(lines.map(discountPartOf)), share);
  const discountKept = (line: PriceLineDetail): number => 0 - shareDown(0 - discountPartOf(line), share);
  const faresKept = fee - sumPaise(lines.map(discountKept));
  return apportion(faresKept, lines, farePartOf).map(({ part: line, share: fareKept }) =>
    lineKeeping(line, fareKept + discountKept(line)),
  );
}

const farePartOf = ({ kind, amount_paise: paise }: PriceLineDetail): number =>
  FARE_KINDS.includes(kind) ? paise : 0;

const discountPartOf = ({ kind, amount_paise: paise }: PriceLineDetail): number =>
  kind === 'discount' ? paise : 0;

const lineKeeping = (
  { flight_id: flightId, kind, description, amount_paise: paidPaise }: PriceLineDetail,
  keptPaise: number,
): CancellationLine => ({
  flightId,
  kind,
  description,
  paidPaise,
  keptPaise,
  refundPaise: paidPaise - keptPaise,
});

const moneyInFull = (groups: readonly FareGroup[], standsUntil: Date): CancellationMoney =>
  moneyOf(
    groups.flatMap(({ lines }) => lines.map((line) => lineKeeping(line, 0))),
    standsUntil,
  );

const moneyOf = (lines: readonly CancellationLine[], standsUntil: Date): CancellationMoney => ({
  lines,
  paidPaise: sumPaise(lines.map(({ paidPaise }) => paidPaise)),
  keptPaise: sumPaise(lines.map(({ keptPaise }) => keptPaise)),
  refundPaise: sumPaise(lines.map(({ refundPaise }) => refundPaise)),
  standsUntil,
});
