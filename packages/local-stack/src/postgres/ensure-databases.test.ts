import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { query } from '../testing/query.js';
import { POSTGRES_VARIABLE, testServerUrl } from '../testing/test-servers.js';
import { databaseUrl, ensureDatabases, type OwnedDatabase } from './ensure-databases.js';

const made: string[] = [];

function owned(password = 'secret'): OwnedDatabase {
  const name = `ensure_${randomBytes(6).toString('hex')}`;
  made.push(name);
  return { database: name, role: name, password };
}

afterEach(async () => {
  const adminUrl = testServerUrl(POSTGRES_VARIABLE);
  for (const name of made.splice(0)) {
    await query(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await query(adminUrl, `DROP ROLE IF EXISTS ${name}`);
  }
});

test('no service can enter the database of another', async () => {
  const adminUrl = testServerUrl(POSTGRES_VARIABLE);
  const [seat, booking] = [owned(), owned()];
  await ensureDatabases(adminUrl, [seat, booking]);
  await query(databaseUrl(adminUrl, seat), 'CREATE TABLE seats (id int)');
  const intruder = databaseUrl(adminUrl, { ...booking, database: seat.database });
  await expect(query(intruder, 'SELECT * FROM seats')).rejects.toThrow(/permission denied for database/);
});

test('repeating it keeps the data and sets the password anew', async () => {
  const adminUrl = testServerUrl(POSTGRES_VARIABLE);
  const seat = owned();
  await ensureDatabases(adminUrl, [seat]);
  await query(databaseUrl(adminUrl, seat), 'CREATE TABLE seats (id int)');
  const changed = { ...seat, password: "another 'secret'/@:" };
  await ensureDatabases(adminUrl, [changed]);
  expect(await query(databaseUrl(adminUrl, changed), 'SELECT * FROM seats')).toEqual([]);
  await expect(query(databaseUrl(adminUrl, seat), 'SELECT 1')).rejects.toThrow(
    /password authentication failed/,
  );
});
