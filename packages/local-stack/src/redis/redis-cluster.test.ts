import { rmSync } from 'node:fs';
import { createCluster } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestFolder } from '../testing/test-folders.js';
import { RedisCluster } from './redis-cluster.js';
import { redisAnswers, withRedis } from './redis-client.js';

let folder: string;
let cluster: RedisCluster;

beforeAll(async () => {
  folder = makeTestFolder('cluster');
  cluster = new RedisCluster({ home: folder });
  await cluster.start();
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

function clientOf(urls: readonly string[]) {
  const { password } = new URL(urls[0] ?? '');
  return createCluster({ rootNodes: urls.map((url) => ({ url })), defaults: { password } });
}

async function withCluster<T>(use: (client: ReturnType<typeof clientOf>) => Promise<T>): Promise<T> {
  const client = clientOf(cluster.url.split(','));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

const keys = Array.from({ length: 30 }, (_, index) => `parcel-${index}`);

test('its three masters share the keys, and a flush takes them from all', async () => {
  await withCluster(async (client) => {
    expect(client.masters).toHaveLength(3);
    for (const key of keys) await client.set(key, 'sent');
  });
  const sizes = () => Promise.all(cluster.url.split(',').map((url) => withRedis(url, (one) => one.dbSize())));
  expect((await sizes()).every((size) => size > 0)).toBe(true);
  await cluster.flush();
  expect(await sizes()).toEqual([0, 0, 0]);
});

test('it asks for its password', async () => {
  const withoutPassword = new URL(cluster.url.split(',')[0] ?? '');
  withoutPassword.password = '';
  expect(await redisAnswers(withoutPassword.href)).toBe(false);
});

test('a master that crashed comes back to its place without its keys, and the others keep theirs', async () => {
  await withCluster(async (client) => {
    for (const key of keys) await client.set(key, 'sent');
  });
  await cluster.restartMaster(1, { crash: true });
  await withCluster(async (client) => {
    const found = (await Promise.all(keys.map((key) => client.get(key)))).filter((value) => value === 'sent');
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(keys.length);
    for (const key of keys) await client.set(key, 'sent');
  });
});
