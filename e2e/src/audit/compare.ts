import type { KeyedRow } from './audit-databases.js';
import type { Comparison } from './invariant.js';

type Rows = AsyncIterator<KeyedRow, void>;

/**
 * Walks through two sides in the order of their keys and tells where they differ. Keys are plain ASCII, so the order
 * of JavaScript is the order "C" of the databases.
 */
export async function compare(
  left: AsyncIterable<KeyedRow>,
  right: AsyncIterable<KeyedRow>,
  complete: Comparison['complete'],
  names: { readonly left: string; readonly right: string },
): Promise<string[]> {
  const offenders: string[] = [];
  const lefts = left[Symbol.asyncIterator]() as Rows;
  const rights = right[Symbol.asyncIterator]() as Rows;
  const differ = (key: string, ours: string, theirs: string): void => {
    offenders.push(`${key}: ${names.left} says ${ours}, ${names.right} says ${theirs}`);
  };
  try {
    let ours = await next(lefts);
    let theirs = await next(rights);
    for (;;) {
      if (ours === undefined && theirs === undefined) return offenders;
      if (theirs === undefined || (ours !== undefined && ours.key < theirs.key)) {
        if (ours !== undefined) differ(ours.key, ours.value, 'nothing');
        ours = await next(lefts);
      } else if (ours === undefined || theirs.key < ours.key) {
        if (complete === 'both') differ(theirs.key, 'nothing', theirs.value);
        theirs = await next(rights);
      } else {
        if (ours.value !== theirs.value) differ(ours.key, ours.value, theirs.value);
        ours = await next(lefts);
        theirs = await next(rights);
      }
    }
  } finally {
    await Promise.all([lefts.return?.(), rights.return?.()]);
  }
}

async function next(rows: Rows): Promise<KeyedRow | undefined> {
  const { done, value } = await rows.next();
  return done === true ? undefined : (value as KeyedRow);
}
