import { DomainError } from '@flight-booking/platform';

/** The path could mean different things to the gateway and to a service behind it. */
export class AmbiguousPath extends DomainError {
  static readonly slug = 'ambiguous-path';
  static readonly kind = 'invalid';
  static readonly title = 'The address is not in its plain form';

  constructor() {
    super('Send the path without dot segments, doubled slashes, and encoded slashes, backslashes or dots.');
  }
}

/** Where the query begins is where the path ends; neither is decoded or changed. */
export function pathOf(target: string): string {
  const queryAt = target.indexOf('?');
  return queryAt === -1 ? target : target.slice(0, queryAt);
}

/**
 * A slash that is doubled, a segment of one or two dots, a backslash, and the encoded forms of slash,
 * backslash, dot and NUL. `/api/auth/%2e%2e/internal` is a path of auth-service to the route table and may be
 * `/internal` to whoever decodes it later.
 */
const AMBIGUOUS = /\/\/|\/\.{1,2}(?:\/|$)|\\|%(?:2[ef]|5c|00)/i;

/** Whether a path must not be forwarded, for others may read it in another way; also one without a slash first. */
export const isAmbiguous = (path: string): boolean => path.charCodeAt(0) !== SLASH || AMBIGUOUS.test(path);

const SLASH = 0x2f;
