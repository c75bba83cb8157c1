import { z } from 'zod';
import type { Cabin } from './scalars.js';

/** One block of rows of an aircraft with the same seats abreast. */
export interface CabinLayout {
  readonly cabin: Cabin;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Seat letters from left to right, in groups between the aisles. */
  readonly groups: readonly string[];
}

const A320_GROUPS = ['ABC', 'DEF'] as const;

/** Cabins of every aircraft type that flies; the capacities follow from it. */
export const AIRCRAFT_LAYOUTS = {
  A320: [{ cabin: 'economy', firstRow: 1, lastRow: 30, groups: A320_GROUPS }],
  A321: [{ cabin: 'economy', firstRow: 1, lastRow: 37, groups: A320_GROUPS }],
  '737-8': [
    { cabin: 'economy', firstRow: 1, lastRow: 31, groups: A320_GROUPS },
    { cabin: 'economy', firstRow: 32, lastRow: 32, groups: ['ABC'] },
  ],
  ATR72: [
    { cabin: 'economy', firstRow: 1, lastRow: 19, groups: ['AC', 'DF'] },
    { cabin: 'economy', firstRow: 20, lastRow: 20, groups: ['AC'] },
  ],
  '787-8': [
    { cabin: 'business', firstRow: 1, lastRow: 3, groups: ['AC', 'EF', 'HK'] },
    { cabin: 'economy', firstRow: 11, lastRow: 36, groups: ['ABC', 'DEF', 'GHJ'] },
    { cabin: 'economy', firstRow: 37, lastRow: 37, groups: ['AB', 'HJ'] },
  ],
} as const satisfies Record<string, readonly CabinLayout[]>;

/** An aircraft type, by the name that customers know. */
export const aircraftType = z.enum(
  Object.keys(AIRCRAFT_LAYOUTS) as [keyof typeof AIRCRAFT_LAYOUTS, ...(keyof typeof AIRCRAFT_LAYOUTS)[]],
);
/** See {@link aircraftType}. */
export type AircraftType = keyof typeof AIRCRAFT_LAYOUTS;

/** Seats of one cabin of an aircraft type, front to back and left to right. Empty where it lacks the cabin. */
export function seatNumbersOf(type: AircraftType, cabinName: Cabin): string[] {
  const layouts: readonly CabinLayout[] = AIRCRAFT_LAYOUTS[type];
  return layouts
    .filter((layout) => layout.cabin === cabinName)
    .flatMap((layout) => {
      const rows = Array.from(
        { length: layout.lastRow - layout.firstRow + 1 },
        (_, i) => layout.firstRow + i,
      );
      const letters = [...layout.groups.join('')];
      return rows.flatMap((row) => letters.map((letter) => `${row}${letter}`));
    });
}

/** How many seats a cabin of an aircraft type has. */
export const capacityOf = (type: AircraftType, cabinName: Cabin): number =>
  seatNumbersOf(type, cabinName).length;
