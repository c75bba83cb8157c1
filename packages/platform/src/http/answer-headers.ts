import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** What every answer that is data says of itself: it is that and nothing else, and never a page. */
export const JSON_HEADERS = [
  'content-type',
  'application/json; charset=utf-8',
  'x-content-type-options',
  'nosniff',
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
] as const;

const protect = helmet();

/** Sets what a browser needs to be told that shows an answer as a page; data does not pay for it. */
export function protectDocument(request: IncomingMessage, response: ServerResponse): void {
  protect(request, response, (error) => {
    if (error !== undefined) throw error;
  });
}
