import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@flight-booking/local-stack/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { Database } from './database.js';
import { uniqueViolationOf } from './pg-errors.js';
import { DatabaseUnavailable, unlessDatabaseAway } from './postgres.errors.js';
import type { Queries } from './queries.js';

const logger = createLogger('test', 'silent');
let home: TestDatabase;
let database: Database;

beforeAll(async () => {
  home = await createTestDatabase();
});
beforeEach(async () => {
  database = new Database({ url: home.url, poolSize: 4, applicationName: 'test' }, logger);
  await database.start();
  await database.execute('drop table if exists parcels');
  await database.execute(
    `create table parcels (
       id bigint constraint parcels_pkey primary key,
       weight int not null constraint parcels_weight_positive check (weight > 0)
     )`,
  );
  await database.execute('insert into parcels values (1, 10), (2, 20)');
});
afterEach(() => database.stop());
afterAll(() => home.drop());

const weights = async (): Promise<number[]> =>
  (await database.rows<{ weight: number }>('select weight from parcels order by id')).map(
    (row) => row.weight,
  );

/** Resolves for all callers once this many have come. */
function meeting(size: number): () => Promise<void> {
  let open = (): void => {};
  let missing = size;
  const complete = new Promise<void>((resolve) => (open = resolve));
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return complete;
  };
}

test('whole numbers come as numbers, alone and in lists, and nothing stays nothing', async () => {
  const row = await database.row(
    `select 9007199254740991::bigint as id, array[1, null, 3]::bigint[] as ids,
            '{{1,2},{3,4}}'::bigint[] as grid, count(*) as parcels, null::bigint as none from parcels`,
  );
  expect(row).toEqual({
    id: 9_007_199_254_740_991,
    ids: [1, null, 3],
    grid: [
      [1, 2],
      [3, 4],
    ],
    parcels: 2,
    none: null,
  });
});

test('rows, one row, perhaps a row and the number of rows touched', async () => {
  expect(await database.rows('select id from parcels order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await database.maybeRow('select id from parcels where id = $1', [3])).toBeUndefined();
  await expect(database.row({ name: 'third', text: 'select 1 from parcels where id = 3' })).rejects.toThrow(
    'third',
  );
  expect(await database.execute('update parcels set weight = weight + 1')).toBe(2);
});

test('what a transaction did is there when it ends well and gone when it throws', async () => {
  await database.transaction((tx) => tx.execute('update parcels set weight = 11 where id = 1'));
  const failing = database.transaction(async (tx) => {
    await tx.execute('update parcels set weight = 99');
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await weights()).toEqual([11, 20]);
});

test('a transaction that went on after a failed statement is no success, for PostgreSQL keeps nothing of it', async () => {
  const swallowing = database.transaction(async (tx) => {
    await tx.execute('update parcels set weight = 99');
    await tx.execute('insert into parcels values (1, 1)').catch(() => undefined);
  });
  await expect(swallowing).rejects.toThrow('rolled back');
  expect(await weights()).toEqual([10, 20]);
});

test('two transactions that deadlock are both carried out', async () => {
  const bothHoldOne = meeting(2);
  let runs = 0;
  const add = (first: number, second: number): Promise<void> =>
    database.transaction(async (tx) => {
      runs += 1;
      await tx.execute('update parcels set weight = weight + 1 where id = $1', [first]);
      if (runs <= 2) await bothHoldOne();
      await tx.execute('update parcels set weight = weight + 1 where id = $1', [second]);
    });
  await Promise.all([add(1, 2), add(2, 1)]);
  expect(await weights()).toEqual([12, 22]);
  expect(runs).toBe(3);
});

test('two transactions that cannot be put in an order are both carried out, one after the other', async () => {
  const bothHaveRead = meeting(2);
  let runs = 0;
  const add = (): Promise<void> =>
    database.transaction(async (tx) => {
      runs += 1;
      await tx.execute('set transaction isolation level repeatable read');
      const { weight } = await tx.row<{ weight: number }>('select weight from parcels where id = 1');
      if (runs <= 2) await bothHaveRead();
      await tx.execute('update parcels set weight = $1 where id = 1', [weight + 1]);
    });
  await Promise.all([add(), add()]);
  expect(await weights()).toEqual([12, 20]);
  expect(runs).toBe(3);
});

test('a statement by itself is one transaction, and is carried out again like one', async () => {
  await database.execute('create sequence tries');
  const until = (last: number) =>
    `do $$ begin if nextval('tries') < ${last} then raise exception 'not yet' using errcode = '40P01'; end if; end $$`;
  await database.execute(until(3));
  await expect(database.rows(until(100))).rejects.toMatchObject({ code: '40P01' });
  expect(await database.row('select last_value from tries')).toEqual({ last_value: 8 });
  await database.execute('drop sequence tries');
});

test('a transaction that can never be put in an order is given up after five times', async () => {
  let runs = 0;
  const failing = database.transaction(async (tx) => {
    runs += 1;
    await tx.execute(`do $$ begin raise exception 'never' using errcode = '40001'; end $$`);
  });
  await expect(failing).rejects.toMatchObject({ code: '40001' });
  expect(runs).toBe(5);
});

test('a failure that trying again does not heal is told at once, by the name of what it ran into', async () => {
  let runs = 0;
  const insert = (id: number, weight: number): Promise<unknown> =>
    database
      .transaction((tx: Queries) => {
        runs += 1;
        return tx.execute('insert into parcels values ($1, $2)', [id, weight]);
      })
      .catch((error: unknown) => error);
  const [taken, weightless] = [await insert(1, 5), await insert(3, 0)];
  expect([uniqueViolationOf(taken), uniqueViolationOf(weightless)]).toEqual(['parcels_pkey', undefined]);
  expect(runs).toBe(2);
});

test('a connection that breaks in a transaction is not handed to the next caller', async () => {
  const broken = database.transaction(async (tx) => {
    const { pid } = await tx.row<{ pid: number }>('select pg_backend_pid() as pid');
    await database.execute('select pg_terminate_backend($1)', [pid]);
    await sleep(50);
    await tx.execute('select 1');
  });
  await expect(broken).rejects.toThrow(DatabaseUnavailable);
  const all = await Promise.all(Array.from({ length: 8 }, () => database.row('select 1 as fine')));
  expect(all).toHaveLength(8);
});

test('a server that is away is told apart from a statement that fails', async () => {
  const away = new URL(home.url);
  away.port = '1';
  const nobody = new Database({ url: away.href, poolSize: 4, applicationName: 'test' }, logger);
  await expect(nobody.row('select 1')).rejects.toThrow(DatabaseUnavailable);
  await expect(nobody.transaction((tx) => tx.row('select 1'))).rejects.toThrow(DatabaseUnavailable);
  await nobody.stop();
  await expect(database.row('select nonsense')).rejects.not.toThrow(DatabaseUnavailable);
});

test('what may be left undone is left while the server is away, and fails for any other reason', async () => {
  const shutdown = `do $$ begin raise exception 'gone' using errcode = '57P01'; end $$`;
  await expect(unlessDatabaseAway(database.execute(shutdown))).resolves.toBeUndefined();
  await expect(unlessDatabaseAway(database.execute('delete from nowhere'))).rejects.toMatchObject({
    code: '42P01',
  });
});

test('connections that the server cuts while they are idle are replaced, and the process lives', async () => {
  await Promise.all(Array.from({ length: 4 }, () => database.execute('select pg_sleep(0.05)')));
  const admin = new pg.Client({ connectionString: home.url });
  await admin.connect();
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'test'`,
  );
  await admin.end();
  await sleep(100);
  await expect(database.check()).resolves.toBeUndefined();
});

test('a start waits until there is a server, and a stop ends the waiting', async () => {
  const away = new URL(home.url);
  away.port = '1';
  const waiting = new Database({ url: away.href, poolSize: 4, applicationName: 'test' }, logger);
  const begunAt = Date.now();
  const starting = expect(waiting.start()).rejects.toThrow();
  await sleep(300);
  await Promise.all([waiting.stop(), waiting.stop()]);
  await starting;
  expect(Date.now() - begunAt).toBeGreaterThanOrEqual(300);
  expect(Date.now() - begunAt).toBeLessThan(3_000);
});
