import type { Visit } from '../forwarding/visit.js';
import { COALESCED_PATHS } from './coalesced-paths.js';

/** Headers that ask for a part of an answer, for one that somebody makes anew, or for none under a condition. */
const ASKS_ALONE = /^(?:if-.*|range|cache-control|pragma)$/;

/**
 * What requests have in common that are answered the same: the target as it was sent, and how the answer should be put.
 * Undefined for a request that is answered on its own. That is also everybody's who is no user: services have tokens too, which
 * the gateway admits and these routes do not.
 */
export function coalescingKeyOf({ request, path, head, context }: Visit): string | undefined {
  if (!COALESCED_PATHS.has(path) || request.method !== 'GET' || head.hasBody) return undefined;
  if (context.userId === undefined) return undefined;
  const { forwarded } = head;
  let key = request.url as string;
  for (let i = 0; i < forwarded.length; i += 2) {
    const name = (forwarded[i] as string).toLowerCase();
    if (ASKS_ALONE.test(name)) return undefined;
    // No target and no value of a header has a line break.
    if (name.startsWith('accept')) key += `\n${name}:${forwarded[i + 1]}`;
  }
  return key;
}
