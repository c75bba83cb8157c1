import { type AircraftType } from '@flight-booking/contracts';

/** What a block time depends on. */
export interface BlockTimeInput {
  readonly distanceKm: number;
  readonly aircraftType: AircraftType;
  /** Hour of the departure by the clocks of the source, 0 to 23. */
  readonly departureHour: number;
  readonly eastbound: boolean;
  readonly metro: boolean;
}

const LONG_HAUL_KM = 3500;
/** Queues on the ground and in the air at both ends of the busiest routes. */
const METRO_FACTOR = 1.05;
/** The prevailing westerlies. */
const EASTBOUND_FACTOR = 0.96;
const WESTBOUND_FACTOR = 1.04;
const ROUNDING_MINUTES = 5;

/** Traffic by hour of departure: airlines plan up to 8 % more at the evening peak and 8 % less at night. */
function hourFactor(hour: number): number {
  if (hour < 5 || hour >= 22) return 0.92;
  if (hour >= 17) return 1.08;
  if (hour >= 6 && hour < 10) return 1.04;
  return 1;
}

function stillAirMinutes(distance: number, aircraftType: AircraftType): number {
  if (aircraftType === 'ATR72') return 40 + distance / 8;
  return distance > LONG_HAUL_KM ? 35 + distance / 14 : 45 + distance / 13;
}

/** Scheduled minutes from gate to gate, a multiple of five. */
export function blockMinutes(input: BlockTimeInput): number {
  const minutes =
    stillAirMinutes(input.distanceKm, input.aircraftType) *
    hourFactor(input.departureHour) *
    (input.eastbound ? EASTBOUND_FACTOR : WESTBOUND_FACTOR) *
    (input.metro ? METRO_FACTOR : 1);
  return Math.round(minutes / ROUNDING_MINUTES) * ROUNDING_MINUTES;
}
