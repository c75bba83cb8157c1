import { cursorOf } from '@flight-booking/contracts';
import { z } from 'zod';
import type { ItineraryPlace, SortOrder } from './itinerary-order.js';

/** Where a page ended: everything after it in that order belongs to the next page. */
export interface SearchCursor extends ItineraryPlace {
  readonly sort: SortOrder;
}

const FORM =
  /^(price|duration|departure|best):(\d{1,12}):(\d{1,12}):(\d{1,12}):(\d{1,16}(?:-\d{1,16}){0,2})$/;

/** The key of a place in an order, which the cursor of the next page hides. */
export const searchKeyOf = (sort: SortOrder, { figures, flightIds }: ItineraryPlace): string =>
  `${sort}:${figures.join(':')}:${flightIds.join('-')}`;

/** Reads back what {@link searchKeyOf} wrote. */
function placeOf(key: string): SearchCursor {
  const [, sort, first, second, third, ids] = FORM.exec(key) as unknown as [string, SortOrder, ...string[]];
  return {
    sort,
    figures: [Number(first), Number(second), Number(third)],
    flightIds: (ids as string).split('-').map(Number),
  };
}

/** The cursor of a search. */
export const searchCursor = cursorOf(z.string().regex(FORM)).transform(placeOf);
