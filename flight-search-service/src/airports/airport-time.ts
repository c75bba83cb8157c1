const MS_PER_MINUTE = 60_000;
const MINUTES_PER_DAY = 24 * 60;

/** Minutes from 1970-01-01T00:00Z: the unit in which search reckons. */
export type EpochMinute = number;
/** Days from 1970-01-01. */
export type EpochDay = number;

/** The day of a calendar date `YYYY-MM-DD`. */
export const epochDayOf = (calendarDate: string): EpochDay =>
  Math.floor(Date.parse(`${calendarDate}T00:00:00Z`) / MS_PER_MINUTE / MINUTES_PER_DAY);

/** The day that an instant falls in by UTC. */
export const epochDayOfInstant = (instant: Date): EpochDay =>
  Math.floor(instant.getTime() / MS_PER_MINUTE / MINUTES_PER_DAY);

/** The calendar date `YYYY-MM-DD` of a day. */
export const calendarDateOf = (day: EpochDay): string =>
  new Date(day * MINUTES_PER_DAY * MS_PER_MINUTE).toISOString().slice(0, 10);

/** The instant of a minute. */
export const instantOf = (minute: EpochMinute): Date => new Date(minute * MS_PER_MINUTE);

/** The minute that an instant falls in. */
export const epochMinuteOf = (instant: Date): EpochMinute => Math.floor(instant.getTime() / MS_PER_MINUTE);

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

function readOffset(timeZone: string, minute: EpochMinute): number {
  const parts = formatterOf(timeZone).formatToParts(instantOf(minute));
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** Offsets by zone and day; `null` for a day on which the clocks change. */
const offsetsByDay = new Map<string, Map<EpochDay, number | null>>();

/**
 * Minutes that a zone's clocks are ahead of UTC. Asking the platform takes longer than searching a thousand
 * flights, so the answer is kept for every day on which the clocks do not change.
 */
export function offsetMinutes(timeZone: string, minute: EpochMinute): number {
  let byDay = offsetsByDay.get(timeZone);
  if (byDay === undefined) {
    byDay = new Map();
    offsetsByDay.set(timeZone, byDay);
  }
  const day = Math.floor(minute / MINUTES_PER_DAY);
  let offset = byDay.get(day);
  if (offset === undefined) {
    const first = readOffset(timeZone, day * MINUTES_PER_DAY);
    offset = first === readOffset(timeZone, (day + 1) * MINUTES_PER_DAY) ? first : null;
    byDay.set(day, offset);
  }
  return offset ?? readOffset(timeZone, minute);
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** ISO 8601 by the clocks of a zone, with their offset: `2027-03-28T06:10:00+05:30`. */
export function localIso(minute: EpochMinute, timeZone: string): string {
  const offset = offsetMinutes(timeZone, minute);
  const wallClock = instantOf(minute + offset)
    .toISOString()
    .slice(0, 19);
  const size = Math.abs(offset);
  return `${wallClock}${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/** The date of a minute by the clocks of a zone. */
export const localDay = (minute: EpochMinute, timeZone: string): EpochDay =>
  Math.floor((minute + offsetMinutes(timeZone, minute)) / MINUTES_PER_DAY);
