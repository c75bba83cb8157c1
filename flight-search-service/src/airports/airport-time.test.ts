import { describe, expect, it } from 'vitest';
import { calendarDateOf, epochDayOf, epochMinuteOf, localDay, localIso } from './airport-time.js';

const minute = (iso: string) => epochMinuteOf(new Date(iso));

describe('local time', () => {
  it.each([
    ['2027-01-10T20:00:00Z', 'Asia/Kolkata', '2027-01-11T01:30:00+05:30'],
    ['2027-01-10T20:00:00Z', 'Asia/Kathmandu', '2027-01-11T01:45:00+05:45'],
    ['2027-01-10T20:00:00Z', 'Europe/London', '2027-01-10T20:00:00+00:00'],
    ['2027-01-10T02:00:00Z', 'America/New_York', '2027-01-09T21:00:00-05:00'],
    ['2027-03-28T00:59:00Z', 'Europe/London', '2027-03-28T00:59:00+00:00'],
    ['2027-03-28T01:00:00Z', 'Europe/London', '2027-03-28T02:00:00+01:00'],
    ['2027-11-07T05:59:00Z', 'America/New_York', '2027-11-07T01:59:00-04:00'],
    ['2027-11-07T06:00:00Z', 'America/New_York', '2027-11-07T01:00:00-05:00'],
  ])('%s in %s is %s', (instant, zone, local) => {
    expect(localIso(minute(instant), zone)).toBe(local);
    expect(calendarDateOf(localDay(minute(instant), zone))).toBe(local.slice(0, 10));
  });

  it('counts days from 1970, leap days included', () => {
    expect(epochDayOf('1970-01-02')).toBe(1);
    expect(calendarDateOf(epochDayOf('2028-02-29'))).toBe('2028-02-29');
  });
});
