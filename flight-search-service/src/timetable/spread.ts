import type { Weekday } from './schedule.js';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A fraction from 0 up to 1 that looks random and is always the same for the same text (FNV-1a). The timetable
 * is spread with it instead of a random number so that every machine gets the same one.
 */
export function fractionOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  // The low bits of the last characters have not reached the high ones yet.
  hash = Math.imul(hash ^ (hash >>> 15), FNV_PRIME);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** So many days of the week, as evenly spread as a week allows, beginning anywhere in it. */
export function weekdaysFor(flightsAWeek: number, phase: number): Weekday[] {
  const first = Math.floor(phase * 7);
  return Array.from(
    { length: flightsAWeek },
    (_, i) => (((first + Math.floor((i * 7) / flightsAWeek)) % 7) + 1) as Weekday,
  ).toSorted((a, b) => a - b);
}
