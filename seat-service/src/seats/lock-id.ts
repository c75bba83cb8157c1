import { createHash, randomInt } from 'node:crypto';

/** A lock's id is a JSON number, and customers see it. */
const LOCK_ID_BYTES = 6;
const MAX_LOCK_ID = 2 ** (8 * LOCK_ID_BYTES) - 1;

/** The id of a lock that is asked for only once. */
export const newLockId = (): number => randomInt(1, MAX_LOCK_ID);

/** The id of the lock that every attempt under one idempotency key makes. */
export const lockIdOf = (effectId: string): number =>
  Math.max(1, createHash('sha256').update(effectId).digest().readUIntBE(0, LOCK_ID_BYTES));
