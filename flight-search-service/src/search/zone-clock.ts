import { type EpochDay, type EpochMinute, offsetMinutes } from '../airports/airport-time.js';

const MINUTES_PER_DAY = 24 * 60;

/** Clocks change by no more than this. */
const CLOCK_CHANGE_MINUTES = 120;

/**
 * Between which minutes flights leave that leave on a day by the clocks of a zone. Where clocks change it is a little
 * wider than the day, so whoever needs the very day looks at each flight's own.
 */
export function reachOfDay(day: EpochDay, timeZone: string): { begin: EpochMinute; end: EpochMinute } {
  const midnight = day * MINUTES_PER_DAY;
  const begin = midnight - offsetMinutes(timeZone, midnight) - CLOCK_CHANGE_MINUTES;
  return { begin, end: begin + MINUTES_PER_DAY + 2 * CLOCK_CHANGE_MINUTES };
}

/** Tells what the clocks of a zone show, and remembers the day that it was asked about last. */
export class ZoneClock {
  private day: EpochDay = Number.NaN;
  private first = 0;
  private last = 0;

  constructor(private readonly timeZone: string) {}

  /** Minutes after midnight. */
  minuteOfDay(minute: EpochMinute): number {
    const day = Math.floor(minute / MINUTES_PER_DAY);
    if (day !== this.day) {
      this.day = day;
      this.first = offsetMinutes(this.timeZone, day * MINUTES_PER_DAY);
      this.last = offsetMinutes(this.timeZone, (day + 1) * MINUTES_PER_DAY);
    }
    const offset = this.first === this.last ? this.first : offsetMinutes(this.timeZone, minute);
    const local = (minute + offset) % MINUTES_PER_DAY;
    return local < 0 ? local + MINUTES_PER_DAY : local;
  }
}
