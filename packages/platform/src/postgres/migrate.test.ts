import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@flight-booking/local-stack/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';

const logger = createLogger('test', 'silent');
const databases: Database[] = [];
let home: TestDatabase;
let folder: string;
let database: Database;

const connect = (): Database => {
  const made = new Database({ url: home.url, poolSize: 2, applicationName: 'test' }, logger);
  databases.push(made);
  return made;
};
const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const migrateOn = (target: Database): Promise<void> => migrate(target, pathToFileURL(`${folder}/`));
const applied = async (): Promise<string[]> =>
  (
    await database.rows<{ name: string }>(
      `select name from schema_migrations where scope = 'service' order by applied_at, name`,
    )
  ).map(({ name }) => name);

beforeEach(async () => {
  home = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  database = connect();
  await write('0001_create_parcels.sql', 'create table parcels (id int); insert into parcels values (1);');
});
afterEach(async () => {
  await Promise.all(databases.splice(0).map((made) => made.stop()));
  await home.drop();
  await rm(folder, { recursive: true });
});

test('files are applied once, in the order of their numbers, and new ones later', async () => {
  await write('0002_fill_parcels.sql', 'insert into parcels select id + 1 from parcels;');
  await migrateOn(database);
  await migrateOn(database);
  await write('0003_empty_parcels.sql', 'delete from parcels where id = 1;');
  await migrateOn(database);
  expect(await applied()).toEqual(['0001_create_parcels', '0002_fill_parcels', '0003_empty_parcels']);
  expect(await database.rows('select id from parcels')).toEqual([{ id: 2 }]);
});

test('the platform’s own tables come with them', async () => {
  await migrateOn(database);
  expect(await database.row('select count(*) as events from consumed_events')).toEqual({ events: 0 });
});

test('five processes that start at once apply every file once', async () => {
  await write('0002_slow.sql', 'select pg_sleep(0.3); insert into parcels values (2);');
  await Promise.all([database, connect(), connect(), connect(), connect()].map(migrateOn));
  expect(await database.rows('select id from parcels order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('a file that was changed after it had been applied stops the start', async () => {
  await migrateOn(database);
  await write('0001_create_parcels.sql', 'create table parcels (id bigint);');
  await expect(migrateOn(database)).rejects.toThrow('0001_create_parcels was changed');
});

test('a file that fails leaves nothing of itself, keeps what came before, and can be mended', async () => {
  await write('0002_broken.sql', 'create table letters (id int); select 1 / 0;');
  await write('0003_later.sql', 'create table later (id int);');
  await expect(migrateOn(database)).rejects.toThrow('division by zero');
  expect(await applied()).toEqual(['0001_create_parcels']);
  expect(
    await database.row(`select to_regclass('letters') as letters, to_regclass('later') as later`),
  ).toEqual({
    letters: null,
    later: null,
  });
  await write('0002_broken.sql', 'create table letters (id int);');
  await migrateOn(database);
  expect(await applied()).toHaveLength(3);
});

test('a file whose name would keep it from being applied stops the start', async () => {
  await write('2-add-letters.sql', 'select 1;');
  await expect(migrateOn(database)).rejects.toThrow('2-add-letters.sql');
});

test('neither a long migration nor the wait for one is cut short by the limit on statements', async () => {
  const limited = (): Database => {
    const made = connect();
    made.pool.options.statement_timeout = 200;
    return made;
  };
  await write('0002_slow.sql', 'select pg_sleep(0.5);');
  await Promise.all([migrateOn(limited()), migrateOn(limited())]);
  expect(await applied()).toHaveLength(2);
});
