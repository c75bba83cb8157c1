import { INDIA_TIME_ZONE, localTime } from '../time/local-time.js';

const APRIL = 4;

const twoDigits = (year: number): string => String(year % 100).padStart(2, '0');

/** The financial year that an instant falls in, April to March by Indian clocks: `26-27`. */
export function financialYear(instant: Date): string {
  const { year, month } = localTime(instant, INDIA_TIME_ZONE);
  const start = month >= APRIL ? year : year - 1;
  return `${twoDigits(start)}-${twoDigits(start + 1)}`;
}
