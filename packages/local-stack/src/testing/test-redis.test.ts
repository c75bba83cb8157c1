import { createClient } from 'redis';
import { expect, test } from 'vitest';
import { createTestRedis } from './index.js';

test('two test databases never meet, and flushing one leaves the other alone', async () => {
  const [one, two] = await Promise.all([createTestRedis(), createTestRedis()]);
  const clients = [createClient({ url: one.url }), createClient({ url: two.url })] as const;
  await Promise.all(clients.map((client) => client.connect()));
  await clients[0].set('lock', 'one');
  expect(await clients[1].get('lock')).toBeNull();

  await two.flush();
  expect(await clients[0].get('lock')).toBe('one');
  await one.flush();
  expect(await clients[0].get('lock')).toBeNull();

  clients.forEach((client) => client.destroy());
  await Promise.all([one.release(), two.release()]);
});

test('twenty callers at once get twenty different databases', async () => {
  const databases = await Promise.all(Array.from({ length: 20 }, createTestRedis));
  expect(new Set(databases.map((database) => database.url)).size).toBe(20);
  await Promise.all(databases.map((database) => database.release()));
});
