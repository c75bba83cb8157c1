import { createDedicatedRedis, type DedicatedRedis } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { RedisScript } from './redis-script.js';
import { RedisStore } from './redis-store.js';

const logger = createLogger('test', 'silent');
const PARCELS = Array.from({ length: 30 }, (_, index) => `parcel-${index}`);

let cluster: DedicatedRedis;
const stores: RedisStore[] = [];

beforeAll(async () => {
  cluster = await createDedicatedRedis('cluster');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.stop();
});
afterAll(() => cluster.release());

function storeOf(url: string): RedisStore {
  const store = new RedisStore(url, logger);
  stores.push(store);
  return store;
}

/** How many parcels can be written now. */
const written = async (store: RedisStore): Promise<number> => {
  const outcomes = await Promise.allSettled(PARCELS.map((key) => store.client.set(key, 'sent')));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
};

test('a store of several addresses reaches every master with the password that they carry', async () => {
  const store = storeOf(cluster.url);
  await store.start();
  await store.check();
  expect(await written(store)).toBe(PARCELS.length);
  const add = new RedisScript<number>(`-- ${Date.now()}\nreturn redis.call('incrby', KEYS[1], ARGV[1])`);
  for (let i = 0; i < 10; i += 1) expect(await add.run(store.client, [`{depot-${i}}:count`], [2])).toBe(2);
});

test('an address of the list that leads nowhere does not keep the others from being used', async () => {
  const [first = '', ...others] = cluster.url.split(',');
  const nowhere = new URL(first);
  nowhere.port = '1';
  const store = storeOf([nowhere.href, ...others].join(','));
  await store.start(5_000);
  expect(await written(store)).toBe(PARCELS.length);
});

test('while one master is away its keys fail at once and others do not, and it is used again when it is back', async () => {
  const store = storeOf(cluster.url);
  await store.start();
  let outages = 0;
  store.onOutage(() => (outages += 1));
  const crash = cluster.crash();
  await expect.poll(() => written(store)).toBeLessThan(PARCELS.length);
  const begunAt = Date.now();
  expect(await written(store)).toBeGreaterThan(0);
  await store.check();
  expect(Date.now() - begunAt).toBeLessThan(1_000);
  await crash;
  await expect.poll(() => written(store)).toBe(PARCELS.length);
  expect(outages).toBeGreaterThan(0);
});

test('a stop ends a start that has not found out about the cluster yet', async () => {
  const store = storeOf(cluster.url);
  const starting = store.start().catch(() => undefined);
  await store.stop();
  await starting;
  await expect(store.check()).rejects.toThrow();
});
