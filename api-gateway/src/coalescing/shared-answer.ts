import type { SharedAnswer, WholeAnswer } from '../forwarding/exchange.js';
import { answerHeadOf } from '../forwarding/headers.js';

const OK = 200;
/**
 * By these a service says that an answer is not for everybody, or not for everybody alike. Their values are not read, so that
 * `cache-control: public` takes an answer out too: too few are shared rather than one too many.
 */
const NOT_FOR_ALL: ReadonlySet<string> = new Set(['set-cookie', 'vary', 'cache-control']);

/** What may be given to others of an answer; undefined when nothing may. */
export function sharedAnswerOf({ status, rawHeaders, body }: WholeAnswer): SharedAnswer | undefined {
  if (status !== OK) return undefined;
  const { headers } = answerHeadOf(rawHeaders, []);
  const isForAll = headers.every((text, i) => i % 2 === 1 || !NOT_FOR_ALL.has(text.toLowerCase()));
  return isForAll ? { status, headers, body } : undefined;
}
