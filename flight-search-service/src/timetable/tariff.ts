import { type Cabin, nearestStep } from '@flight-booking/contracts';
import { type CabinFare, FARE_STEP_PAISE } from '../flights/fare.js';

/** What a fare depends on. */
export interface TariffInput {
  readonly airlineCode: string;
  readonly distanceKm: number;
  readonly domestic: boolean;
  readonly metro: boolean;
  /** Hour of the departure by the clocks of the source, 0 to 23. */
  readonly departureHour: number;
  /** Flights a day on the route: competition. */
  readonly dailyFlights: number;
}

const BUSINESS_FACTOR = 3.2;
/** Below this many flights a day the airlines hardly compete. */
const THIN_ROUTE_FLIGHTS = 2;

/** What customers pay more or less for than the same flight of the largest airline. */
const AIRLINE_FACTORS: Readonly<Record<string, number>> = {
  AI: 1.08,
  IX: 0.96,
  QP: 0.95,
  SG: 0.94,
  S5: 1.05,
};

/** People pay to leave after breakfast or after work, and not to leave at night. */
function hourFactor(hour: number): number {
  if (hour < 5 || hour >= 22) return 0.9;
  if ((hour >= 7 && hour < 10) || (hour >= 17 && hour < 20)) return 1.12;
  return 1;
}

function routeFactor({ domestic, metro, dailyFlights }: TariffInput): number {
  if (metro) return 0.97;
  return domestic && dailyFlights < THIN_ROUTE_FLIGHTS ? 1.15 : 1;
}

function fuelSurchargeRupees({ distanceKm, domestic }: TariffInput): number {
  if (domestic) return distanceKm < 500 ? 300 : distanceKm < 1000 ? 400 : distanceKm < 1500 ? 500 : 600;
  return distanceKm < 3000 ? 1500 : distanceKm < 5000 ? 2500 : 6000;
}

/** The fare of one cabin on an ordinary weekday. */
export function fareFor(cabin: Cabin, input: TariffInput): CabinFare {
  const cabinFactor = cabin === 'business' ? BUSINESS_FACTOR : 1;
  const rupees =
    (1400 + 2.3 * input.distanceKm) *
    routeFactor(input) *
    hourFactor(input.departureHour) *
    (AIRLINE_FACTORS[input.airlineCode] ?? 1) *
    cabinFactor;
  return {
    baseFarePaise: nearestStep(rupees * 100, FARE_STEP_PAISE),
    fuelSurchargePaise: nearestStep(fuelSurchargeRupees(input) * 100, FARE_STEP_PAISE),
  };
}
