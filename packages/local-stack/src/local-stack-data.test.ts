import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { resetStack } from './stack/reset.js';
import { readRunningStack } from './stack/running-stack.js';
import { fakeStacks, type FakeStacks } from './testing/fake-stacks.js';
import { query } from './testing/query.js';

// Ten processes start at once, which takes a while on a machine that runs other tests too.
vi.setConfig({ testTimeout: 90_000 });

let stacks: FakeStacks;

beforeAll(() => {
  stacks = fakeStacks();
});
afterAll(() => stacks.remove());

test('a persistent stack is found while it runs, keeps its data and its secrets, and a reset removes them', async () => {
  const { dataDir } = stacks;
  expect(() => readRunningStack(dataDir)).toThrow(/No stack runs on .*npm start/);
  const first = stacks.make({ persistent: true });
  await first.start();
  expect(readRunningStack(dataDir)).toMatchObject({
    urls: first.urls,
    addresses: first.addresses,
    adminPostgresUrl: first.adminPostgresUrl,
    redisUrl: first.redisUrl,
    adminCredentials: { email: 'admin@example.com', password: first.secrets.adminPassword },
  });
  expect(readRunningStack(dataDir).postgresUrls['seat-service']).toBe(first.postgresUrl('seat-service'));
  const file = join(dataDir, 'stack.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await query(first.postgresUrl('seat-service'), 'CREATE TABLE kept (id int)');
  await first.stop();
  expect(existsSync(file)).toBe(false);
  expect(() => readRunningStack(dataDir)).toThrow(/No stack runs/);

  const second = stacks.make({ persistent: true });
  await second.start();
  expect(second.secrets).toEqual(first.secrets);
  expect(await query(second.postgresUrl('seat-service'), 'SELECT * FROM kept')).toEqual([]);
  const redis = createClient({ url: second.redisUrl });
  redis.on('error', () => undefined);
  await redis.connect();
  try {
    await redis.set('lock', '12A');
    await second.restartRedis({ crash: false });
    expect(await redis.get('lock')).toBe('12A');
    await second.flushRedis();
    expect(await redis.get('lock')).toBeNull();
  } finally {
    redis.destroy();
  }

  await expect(resetStack(dataDir)).rejects.toThrow(/The stack is running/);
  await second.stop();
  expect(await resetStack(dataDir)).toBe(true);
  expect(existsSync(dataDir)).toBe(false);
});
