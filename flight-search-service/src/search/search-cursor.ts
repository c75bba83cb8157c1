import type { ItineraryPlace, SortOrder } from './itinerary-order.js';

/** Where a page ended: everything after it in that order belongs to the next page. */
export interface SearchCursor extends ItineraryPlace {
  readonly sort: SortOrder;
}

const FORM = /^(price|duration|departure):(\d{1,12}):(\d{1,12}):(\d{1,12}):(\d{1,16}(?:-\d{1,16}){0,2})$/;

/** Writes a cursor, opaque to those who carry it. */
export const encodeCursor = ({ sort, figures, flightIds }: SearchCursor): string =>
  Buffer.from(`${sort}:${figures.join(':')}:${flightIds.join('-')}`).toString('base64url');

/** Reads a cursor back; `undefined` for anything that {@link encodeCursor} did not write. */
export function decodeCursor(text: string): SearchCursor | undefined {
  const match = FORM.exec(Buffer.from(text, 'base64url').toString());
  if (match === null) return undefined;
  const [, sort, first, second, third, ids] = match as unknown as [string, SortOrder, ...string[]];
  return {
    sort,
    figures: [Number(first), Number(second), Number(third)],
    flightIds: (ids as string).split('-').map(Number),
  };
}
