import {
  FARE_ITEMS,
  farePaiseOf,
  type Cabin,
  type FareBrand,
  type FareBreakdown,
  type FareItem,
  type FlightDetail,
} from '@flight-booking/contracts';
import { FareNotSold, PriceChanged } from './fare.errors.js';

/** What a customer was shown that one passenger pays on a flight: the total, and the parts as far as they say. */
export interface ShownFare {
  readonly flightId: number;
  readonly cabin: Cabin;
  readonly brand: FareBrand;
  readonly paise: Readonly<{ total: number } & Partial<Record<FareItem, number>>>;
}

/** One amount that is not what was shown. */
export interface FareDifference {
  readonly flightId: number;
  readonly cabin: Cabin;
  readonly item: FareItem;
  readonly shownPaise: number;
  readonly nowPaise: number;
}

/** A fare of a flight, as it is now. */
export interface CurrentFare {
  readonly flightId: number;
  readonly fare: FareBreakdown;
}

/**
 * The flights with the fares that a booking may be charged: those of its brand, and where its customer says what was
 * shown, of the cabins that were. So nothing that was not shown can be charged, whichever seats are reserved.
 *
 * @param shown the fares of that brand; undefined when the customer does not say
 * @throws FareNotSold when a flight has no such fare, PriceChanged when one differs from what was shown
 */
export function chosenFares(
  flights: readonly FlightDetail[],
  brand: FareBrand,
  shown: readonly ShownFare[] | undefined,
): FlightDetail[] {
  const ofBrand = flights.map((flight) => {
    const fares = flight.fares.filter((fare) => fare.brand === brand);
    if (fares.length === 0) throw new FareNotSold(flight.flight_id, brand);
    return { ...flight, fares };
  });
  if (shown === undefined) return ofBrand;
  requireAsShown(ofBrand, brand, shown);
  return ofBrand.map((flight) => ({
    ...flight,
    fares: flight.fares.filter(({ cabin }) => shown.some(isFor(flight.flight_id, cabin))),
  }));
}

/** @throws FareNotSold | PriceChanged */
function requireAsShown(
  flights: readonly FlightDetail[],
  brand: FareBrand,
  shown: readonly ShownFare[],
): void {
  const compared = shown.map((fare) => ({ shown: fare, now: currentFare(flights, brand, fare) }));
  const differences = compared.flatMap((fares) => differencesOf(fares.shown, fares.now.fare));
  if (differences.length > 0)
    throw new PriceChanged(
      brand,
      differences,
      compared.map(({ now }) => now),
    );
}

/** @throws FareNotSold */
function currentFare(
  flights: readonly FlightDetail[],
  brand: FareBrand,
  { flightId, cabin }: ShownFare,
): CurrentFare {
  const flight = flights.find((candidate) => candidate.flight_id === flightId);
  const fare = flight?.fares.find((candidate) => candidate.cabin === cabin);
  if (fare === undefined) throw new FareNotSold(flightId, brand, cabin);
  return { flightId, fare };
}

const differencesOf = ({ flightId, cabin, paise }: ShownFare, fare: FareBreakdown): FareDifference[] => {
  const now = farePaiseOf(fare);
  return FARE_ITEMS.flatMap((item) => {
    const shownPaise = paise[item];
    return shownPaise === undefined || shownPaise === now[item]
      ? []
      : [{ flightId, cabin, item, shownPaise, nowPaise: now[item] }];
  });
};

const isFor =
  (flightId: number, cabin: Cabin) =>
  (fare: ShownFare): boolean =>
    fare.flightId === flightId && fare.cabin === cabin;
