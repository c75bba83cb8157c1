import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './index.js';
import { query } from './query.js';

test('a test database is empty, its owner may create tables, and another test cannot enter it', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, 'CREATE TABLE seats (id bigint)');
  expect(await query(one.url, 'SELECT count(*)::int AS seats FROM seats')).toEqual([{ seats: 0 }]);

  const intruder = new URL(two.url);
  intruder.pathname = new URL(one.url).pathname;
  await expect(query(intruder.href, 'SELECT 1')).rejects.toThrow(/permission denied for database/);

  await Promise.all([one.drop(), two.drop()]);
  await expect(query(one.url, 'SELECT 1')).rejects.toThrow();
});

test('a database that is still in use can be dropped', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  await database.drop();
  await expect(client.query('SELECT 1')).rejects.toThrow();
});
