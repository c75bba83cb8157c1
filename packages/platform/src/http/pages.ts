import { z } from 'zod';
import { idText } from './ids.js';

const MAX_CURSOR_LENGTH = 200;

/** How many items a page has: a whole number as queries carry it. */
export const pageLimit = (defaultLimit: number, maxLimit: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `must be a whole number from 1 to ${maxLimit}`)
    .transform(Number)
    .pipe(z.int().min(1).max(maxLimit))
    .default(defaultLimit);

/**
 * A cursor: where the page before ended, as text that nobody needs to understand. Lists continue after a key,
 * not after a number of items, so that nothing is shown twice or left out while items come and go.
 * @param key what the text must hide to be one of ours
 */
export const cursorOf = <Key extends z.ZodType<string | number>>(key: Key) =>
  z
    .string()
    .max(MAX_CURSOR_LENGTH)
    .transform((text, context) => {
      const parsed = key.safeParse(Buffer.from(text, 'base64url').toString());
      if (parsed.success && cursorAfter(parsed.data) === text) return parsed.data;
      context.addIssue({ code: 'custom', message: 'must be the next_cursor of an earlier page' });
      return z.NEVER;
    });

/** The cursor that leads on from a key. */
export const cursorAfter = (key: string | number): string => Buffer.from(String(key)).toString('base64url');

/** No list gives more at once, whatever is asked for. */
const LARGEST_PAGE = 100;

/**
 * The query of a list that continues after an id: how many items, and where the page before ended. Lists that can be
 * asked for more extend it, also by another cursor.
 */
export const pageQuery = (defaultLimit: number) =>
  z.strictObject({
    limit: pageLimit(defaultLimit, LARGEST_PAGE),
    cursor: cursorOf(idText).optional(),
  });

/** The cursor of the next page. */
export const nextCursor = z.string().nullable().meta({ description: 'Gives the next page; null at the end' });

/** One page of what was found, and where the next begins. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/**
 * Cuts what was found into a page.
 * @param found one item more than the page may have, if there are as many
 * @param keyOf what the list is ordered by and continues after
 */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  keyOf: (item: Item) => string | number,
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? cursorAfter(keyOf(last)) : null };
}
