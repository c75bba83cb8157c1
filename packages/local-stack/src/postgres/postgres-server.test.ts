import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isAlive } from '../processes/process-table.js';
import { waitFor } from '../processes/wait-for.js';
import { query } from '../testing/query.js';
import { makeTestFolder } from '../testing/test-folders.js';
import { substituteFolder } from './postgres-account.js';
import { PostgresServer, removePostgresFiles, type PostgresOptions } from './postgres-server.js';

let folder: string;
let home: string;
const servers: PostgresServer[] = [];

// One data folder for all but those that look at its first start, which takes far longer than a later one.
beforeAll(() => {
  folder = makeTestFolder('postgres');
  home = join(folder, 'home');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(async () => {
  await removePostgresFiles(home);
  rmSync(folder, { recursive: true });
});

function newServer(options: Partial<PostgresOptions> = {}): PostgresServer {
  const server = new PostgresServer({
    home,
    logFile: join(folder, 'postgres.log'),
    durable: false,
    ...options,
  });
  servers.push(server);
  return server;
}

/** Makes an empty table that no other test has. */
async function newTable(url: string): Promise<string> {
  const name = `kept_${randomBytes(4).toString('hex')}`;
  await query(url, `CREATE TABLE ${name} (id int)`);
  return name;
}

function postmasterPid(at = home): number {
  return Number(readFileSync(join(at, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

test('it starts, keeps data over a restart, and a stop ends its process', async () => {
  const server = newServer();
  await server.start();
  await server.start();
  const table = await newTable(server.url);
  const pid = postmasterPid();
  expect(isAlive(pid)).toBe(true);
  await server.stop();
  await server.stop();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(home, 'data', 'postmaster.pid'))).toBe(false);

  await server.start();
  expect(await query(server.url, `SELECT * FROM ${table}`)).toEqual([]);
});

test('it asks for the password and listens on loopback only', async () => {
  const server = newServer();
  await server.start();
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
});

test('a server that a killed run left behind is stopped and its data taken over', async () => {
  const abandoned = newServer();
  await abandoned.start();
  const table = await newTable(abandoned.url);
  const pid = postmasterPid();

  const successor = newServer();
  await successor.start();
  expect(isAlive(pid)).toBe(false);
  expect(postmasterPid()).not.toBe(pid);
  expect(await query(successor.url, `SELECT * FROM ${table}`)).toEqual([]);
});

test('it runs in a folder that other users cannot enter, and its files can be removed again', async () => {
  const closed = makeTestFolder('closed');
  chmodSync(closed, 0o700);
  const closedHome = join(closed, 'home');
  const server = newServer({ home: closedHome });
  await server.start();
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();

  const substitute = substituteFolder(closedHome);
  expect(existsSync(substitute)).toBe(process.getuid?.() === 0);
  await removePostgresFiles(closedHome);
  expect(existsSync(substitute)).toBe(false);
  expect(existsSync(closedHome)).toBe(false);
  rmSync(closed, { recursive: true });
});

test('an interrupted first start is started over', async () => {
  const first = newServer();
  await first.start();
  await first.stop();
  rmSync(join(home, 'superuser-password'));
  const second = newServer();
  await second.start();
  expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a killed server comes back on the same port with its data', async () => {
  let deaths = 0;
  const server = newServer({ onDeath: () => void deaths++ });
  await server.start();
  const { url } = server;
  const table = await newTable(url);
  process.kill(postmasterPid(), 'SIGKILL');
  await waitFor(() => deaths === 1, 5_000);
  const answers = () =>
    query(url, `SELECT * FROM ${table}`).then(
      () => true,
      () => false,
    );
  expect(await waitFor(answers, 20_000)).toBe(true);
});

test.each([{ crash: true }, { crash: false }])(
  'a restart with %j keeps the address and every commit, and is no death',
  async (how) => {
    let deaths = 0;
    const server = newServer({ onDeath: () => void deaths++ });
    await expect(server.restart(how)).rejects.toThrow(/not running/);
    await server.start();
    const { url } = server;
    const pid = postmasterPid();
    const table = await newTable(url);
    await Promise.all([server.restart(how), server.restart(how)]);
    expect(await query(url, `SELECT * FROM ${table}`)).toEqual([]);
    expect([isAlive(pid), postmasterPid() === pid, deaths]).toEqual([false, false, 0]);
  },
);

test('a stop during a restart leaves no server behind', async () => {
  const server = newServer();
  await server.start();
  const { url } = server;
  const restarted = server.restart({ crash: true });
  await server.stop();
  await restarted;
  await expect(query(url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
});
