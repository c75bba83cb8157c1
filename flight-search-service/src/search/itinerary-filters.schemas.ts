import { airlineCode, rupeesToPaise } from '@flight-booking/contracts';
import { z } from 'zod';
import { AIRLINES, findAirline } from '../airlines/airline.js';
import type { ClockWindow } from './itinerary-filters.js';

const MINUTES_PER_HOUR = 60;
const MAX_LAYOVER_MINUTES = 24 * MINUTES_PER_HOUR;

const airlines = z
  .string()
  .max(100)
  .transform((text) => text.split(','))
  .pipe(
    z
      .array(
        airlineCode.refine((code) => findAirline(code) !== undefined, {
          error: 'is not the designator of an airline that is sold',
        }),
      )
      .max(AIRLINES.length),
  )
  .transform((codes) => [...new Set(codes)].toSorted())
  .meta({
    description: 'Designators, separated by commas, such as `6E,AI`: each leg is flown by one of them',
  });

const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

function windowOf(text: string): ClockWindow {
  const [from = 0, to = 0] = text
    .split('-')
    .map((time) => Number(time.slice(0, 2)) * MINUTES_PER_HOUR + Number(time.slice(3)));
  return { from, to };
}

const clockWindow = z
  .string()
  .max(11)
  .regex(WINDOW, 'must be two times such as 06:00-12:00')
  .transform(windowOf)
  .refine(({ from, to }) => from !== to, { error: 'must end at another time than it begins' });

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const clockTime = (minute: number): string =>
  `${twoDigits(Math.floor(minute / MINUTES_PER_HOUR))}:${twoDigits(minute % MINUTES_PER_HOUR)}`;

/** A window as a query writes it. */
export const clockWindowText = ({ from, to }: ClockWindow): string => `${clockTime(from)}-${clockTime(to)}`;

/** The filters of a search, as its query writes them. */
export const filterFields = {
  airlines: airlines.optional(),
  departure_window: clockWindow.optional().meta({
    description:
      'Of the first departure, by the clocks of the source, such as `06:00-12:00`: from the first time on, before the ' +
      'second. `22:00-04:00` goes past midnight.',
  }),
  arrival_window: clockWindow
    .optional()
    .meta({ description: 'Of the last arrival, by the clocks of the destination; as `departure_window`' }),
  max_price: z
    .string()
    .regex(/^\d{1,8}(\.\d{1,2})?$/, 'must be an amount of rupees')
    .transform((text) => rupeesToPaise(Number(text)))
    .optional()
    .meta({ description: 'Highest `price`, in rupees: of one passenger, for all legs' }),
  max_layover_minutes: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_LAYOVER_MINUTES))
    .optional()
    .meta({ description: 'Longest wait between two legs' }),
};
