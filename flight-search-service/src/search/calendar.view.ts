import { paiseToMoney } from '@flight-booking/contracts';
import { calendarDateOf, type EpochDay, epochDayOf } from '../airports/airport-time.js';
import type { CalendarDay, CalendarQuery } from './calendar.js';
import type { CalendarAnswer, CalendarParameters } from './calendar.schemas.js';

/** What a customer asks for. */
export const toCalendarQuery = (query: CalendarParameters): CalendarQuery => ({
  source: query.source,
  destination: query.destination,
  days: daysOf(query.month),
  passengers: query.passengers,
  maxStops: query.max_stops,
  cabin: query.cabin,
  brand: query.brand,
});

/** The days of a month written `YYYY-MM`. */
function daysOf(month: string): EpochDay[] {
  const first = epochDayOf(`${month}-01`);
  const days: EpochDay[] = [];
  for (let day = first; calendarDateOf(day).startsWith(month); day += 1) days.push(day);
  return days;
}

/** A month of lowest prices as customers see it. */
export const toCalendarView = (days: readonly CalendarDay[]): CalendarAnswer => ({
  days: days.map(({ day, cheapest }) => ({
    date: calendarDateOf(day),
    price: cheapest === undefined ? null : paiseToMoney(cheapest.pricePaise),
    itinerary_id: cheapest?.flightIds.join('-') ?? null,
  })),
});
