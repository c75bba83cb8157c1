import type { ServerResponse } from 'node:http';

/** Up to here Node writes text at once, without asking for memory. */
const MAX_BYTES = 15_000;

/**
 * Ends a response with its whole body. Node joins headers and body in one write where both are text, so a short body
 * goes as text of one letter a byte, which are the same bytes again on the connection. `content-length` must be set.
 */
export function endWith(response: ServerResponse, body: Buffer): void {
  if (body.length > MAX_BYTES) response.end(body);
  else response.end(body.toString('latin1'), 'latin1');
}
