import { createTestRedis, type TestRedis } from '@flight-booking/local-stack/testing';
import { RedisStore, createLogger } from '@flight-booking/platform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LockStore } from './lock-store.js';

let redis: TestRedis;
let client: RedisStore;
let store: LockStore;

beforeAll(async () => {
  redis = await createTestRedis();
  client = new RedisStore(redis.url, createLogger('test', 'silent'));
  await client.start();
  store = new LockStore(client);
});
afterAll(async () => {
  await client.stop();
  await redis.release();
});

const lock = (flightId: number, seatNumber: string, lockId = 1) =>
  store.lock(
    { flightId, aircraftType: 'A320' },
    { lockId, userId: 1 },
    { seatNumbers: [seatNumber] },
    { ttlMs: 60_000, limit: 9 },
  );

test('a state that was read before a change came by is not filled in after it', async () => {
  await store.apply(1, 2, [{ seatNumber: '12A', taken: 'sold' }]);
  await store.load(1, { version: 1, seats: [] });
  expect(await lock(1, '12A')).toEqual({ verdict: 'NOT_LOADED' });
  await store.load(1, { version: 2, seats: [{ seatNumber: '12A', cabin: 'economy', expiresAt: null }] });
  expect(await lock(1, '12A')).toEqual({ verdict: 'TAKEN', seatNumbers: ['12A'] });
});

test('nor after a gap in the changes, and the newest of those that were dropped counts', async () => {
  await store.load(2, { version: 1, seats: [] });
  await store.apply(2, 5, [{ seatNumber: '12A', taken: 'sold' }]);
  await store.apply(2, 3, [{ seatNumber: '12B', taken: 'sold' }]);
  await store.load(2, { version: 4, seats: [] });
  expect(await lock(2, '12A')).toEqual({ verdict: 'NOT_LOADED' });
});
