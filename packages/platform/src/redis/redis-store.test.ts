import { setTimeout as sleep } from 'node:timers/promises';
import { RedisLine, createTestRedis, type TestRedis } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { RedisScript } from './redis-script.js';
import { RedisStore } from './redis-store.js';

const logger = createLogger('test', 'silent');
let redis: TestRedis;
let line: RedisLine;
const stores: RedisStore[] = [];

function storeOf(url: string): RedisStore {
  const store = new RedisStore(url, logger);
  stores.push(store);
  return store;
}

beforeAll(async () => {
  redis = await createTestRedis();
});
beforeEach(async () => {
  line = new RedisLine(new URL(redis.url));
  await line.mend();
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.stop();
  line.cut();
  await redis.flush();
});
afterAll(() => redis.release());

test('a start waits until there is a server', async () => {
  line.cut();
  const store = storeOf(line.url);
  const starting = store.start();
  await sleep(300);
  await line.mend();
  await starting;
  await expect(store.check()).resolves.toBeUndefined();
});

test('a start gives up when its patience ends', async () => {
  line.cut();
  const store = storeOf(line.url);
  const begunAt = Date.now();
  await expect(store.start(300)).rejects.toThrow();
  expect(Date.now() - begunAt).toBeLessThan(2_500);
});

test('a stop ends a start that is still waiting', async () => {
  line.cut();
  const store = storeOf(line.url);
  const starting = store.start().catch(() => undefined);
  await sleep(100);
  await store.stop();
  await starting;
  await line.mend();
  await sleep(300);
  await expect(store.check()).rejects.toThrow();
});

test('start and stop may each be called twice, and a store that never started can be stopped', async () => {
  const store = storeOf(line.url);
  await Promise.all([store.start(), store.start()]);
  await store.check();
  await Promise.all([store.stop(), store.stop()]);
  await storeOf(line.url).stop();
});

test('while the server is away commands fail at once, and the connection comes back by itself', async () => {
  const store = storeOf(line.url);
  await store.start();
  await store.client.set('parcel', 'sent');
  line.cut();
  await sleep(50);
  const begunAt = Date.now();
  await expect(store.client.get('parcel')).rejects.toThrow();
  await expect(store.check()).rejects.toThrow();
  expect(Date.now() - begunAt).toBeLessThan(200);
  await sleep(500);
  await line.mend();
  await expect
    .poll(() =>
      store.check().then(
        () => 'ok',
        () => 'down',
      ),
    )
    .toBe('ok');
  expect(await store.client.get('parcel')).toBe('sent');
});

test('an outage that outlasts the patience of the start does not end the reconnecting', async () => {
  const store = storeOf(line.url);
  await store.start(200);
  line.cut();
  await sleep(700);
  await line.mend();
  await expect
    .poll(() =>
      store.check().then(
        () => 'ok',
        () => 'down',
      ),
    )
    .toBe('ok');
});

test('a script runs whether the server knows it or not, and its own errors are passed on', async () => {
  const store = storeOf(redis.url);
  await store.start();
  const unique = `-- ${Date.now()}-${Math.random()}`;
  const add = new RedisScript<number>(`${unique}\nreturn redis.call('incrby', KEYS[1], ARGV[1])`);
  expect(await add.run(store.client, ['parcels'], [2])).toBe(2);
  expect(await add.run(store.client, ['parcels'], ['3'])).toBe(5);
  const failing = new RedisScript(`${unique}\nreturn redis.error_reply('WEIGHT too heavy')`);
  await expect(failing.run(store.client, [], [])).rejects.toThrow('WEIGHT too heavy');
});
