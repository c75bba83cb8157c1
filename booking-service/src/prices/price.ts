import {
  gstOn,
  type FareBreakdown,
  type FlightDetail,
  type PriceLineDetail,
  type ReservedSeat,
  sumPaise,
} from '@flight-booking/contracts';
import { apportion } from './largest-remainder.js';

/** What a booking costs, line by line. */
export interface Price {
  readonly lines: readonly PriceLineDetail[];
  /** The sum of the lines. */
  readonly amountDuePaise: number;
}

/** What a discount code takes off a booking. */
export interface Discount {
  readonly code: string;
  readonly paise: number;
}

/** The fare of one passenger on one flight: the unit that discounts and taxes are reckoned by. */
interface SeatFare {
  readonly flightId: number;
  readonly fare: FareBreakdown;
}

const BASIS_POINTS_PER_PERCENT = 100;

const eligibleOf = ({ fare }: SeatFare): number => fare.base_fare_paise + fare.fuel_surcharge_paise;

/** What a discount is reckoned on, in paise: base fare and fuel surcharge of all seats. */
export const eligiblePaise = (flights: readonly FlightDetail[], seats: readonly ReservedSeat[]): number =>
  sumPaise(seatFaresOf(flights, seats).map(eligibleOf));

/**
 * The price of seats, in integer paise. A discount is spread over the fares (passenger by flight) in proportion
 * to base fare and fuel surcharge, by largest remainder, and the tax of each is reckoned on what is left of
 * these; without a discount a seat costs exactly its fare's total. Lines are sums by flight and cabin; those of
 * nothing are left out.
 */
export function priceOf(
  flights: readonly FlightDetail[],
  seats: readonly ReservedSeat[],
  discount?: Discount,
): Price {
  const fares = seatFaresOf(flights, seats);
  const discountPaise = discount?.paise ?? 0;
  if (discountPaise > sumPaise(fares.map(eligibleOf)))
    throw new Error('The discount exceeds what it is given on.');
  const discounted = apportion(discountPaise, fares, eligibleOf).map(({ part, share }) => ({
    ...part,
    discountPaise: share,
  }));
  const lines = groupsOf(discounted).flatMap((group) => linesOf(group, discount?.code));
  return { lines, amountDuePaise: sumPaise(lines.map((line) => line.amount_paise)) };
}

/** Fares in the order of the flights and, within a flight, of the seats. */
function seatFaresOf(flights: readonly FlightDetail[], seats: readonly ReservedSeat[]): SeatFare[] {
  return flights.flatMap((flight) =>
    seats
      .filter((seat) => seat.flight_id === flight.flight_id)
      .map((seat) => {
        const fare = flight.fares.find(({ cabin }) => cabin === seat.cabin);
        if (fare === undefined) throw new Error(`Flight ${flight.flight_id} has no fare in ${seat.cabin}.`);
        return { flightId: flight.flight_id, fare };
      }),
  );
}

type DiscountedFare = SeatFare & { readonly discountPaise: number };

/** The fares by flight and cabin, in order of first appearance. */
function groupsOf(fares: readonly DiscountedFare[]): DiscountedFare[][] {
  const groups = new Map<string, DiscountedFare[]>();
  for (const seatFare of fares) {
    const key = `${seatFare.flightId}/${seatFare.fare.cabin}`;
    groups.set(key, [...(groups.get(key) ?? []), seatFare]);
  }
  return [...groups.values()];
}

function linesOf(group: readonly DiscountedFare[], code: string | undefined): PriceLineDetail[] {
  const [first] = group;
  if (first === undefined) return [];
  const { flightId, fare } = first;
  const quantity = group.length;
  const line = (kind: PriceLineDetail['kind'], description: string, amount: number): PriceLineDetail => ({
    flight_id: flightId,
    kind,
    description,
    quantity,
    amount_paise: amount,
    ...(kind === 'gst' && { tax_rate: fare.gst_rate }),
  });
  return [
    line('base_fare', `Base fare, ${fare.cabin} ${fare.brand}`, fare.base_fare_paise * quantity),
    line('fuel_surcharge', 'Fuel surcharge', fare.fuel_surcharge_paise * quantity),
    line('discount', `Discount ${code}`, -sumPaise(group.map((seatFare) => seatFare.discountPaise))),
    line('gst', `GST ${fare.gst_rate / BASIS_POINTS_PER_PERCENT} %`, sumPaise(group.map(gstPaiseOf))),
    line('user_development_fee', 'User development fee', fare.user_development_fee_paise * quantity),
    line('aviation_security_fee', 'Aviation security fee', fare.aviation_security_fee_paise * quantity),
  ].filter(({ kind, amount_paise }) => kind === 'base_fare' || amount_paise !== 0);
}

const gstPaiseOf = (seatFare: DiscountedFare): number =>
  seatFare.discountPaise === 0
    ? seatFare.fare.gst_paise
    : gstOn(eligibleOf(seatFare) - seatFare.discountPaise, seatFare.fare.gst_rate);
