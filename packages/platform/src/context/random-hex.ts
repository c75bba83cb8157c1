import { randomFillSync } from 'node:crypto';

/** One call for 256 traces: asking the system costs more than all the rest that a request pays for its ids. */
const POOL_BYTES = 4_096;

const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let used = POOL_BYTES;

/** So many random bytes as hexadecimal digits; at most {@link POOL_BYTES}. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
