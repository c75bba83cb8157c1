import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '../processes/process-table.js';
import { waitFor } from '../processes/wait-for.js';
import { query } from '../testing/query.js';
import { makeTestFolder } from '../testing/test-folders.js';
import { substituteFolder } from './postgres-account.js';
import { PostgresServer, removePostgresFiles } from './postgres-server.js';

let folder: string;
let home: string;
const servers: PostgresServer[] = [];

beforeEach(() => {
  folder = makeTestFolder('postgres');
  home = join(folder, 'home');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await removePostgresFiles(home);
  rmSync(folder, { recursive: true });
});

function newServer(): PostgresServer {
  const server = new PostgresServer({ home, logFile: join(folder, 'postgres.log'), durable: false });
  servers.push(server);
  return server;
}

function postmasterPid(at = home): number {
  return Number(readFileSync(join(at, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

test('it starts, keeps data over a restart, and a stop ends its process', async () => {
  const server = newServer();
  await server.start();
  await server.start();
  await query(server.url, 'CREATE TABLE kept (id int)');
  const pid = postmasterPid();
  expect(isAlive(pid)).toBe(true);
  await server.stop();
  await server.stop();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(home, 'data', 'postmaster.pid'))).toBe(false);

  await server.start();
  expect(await query(server.url, 'SELECT count(*)::int AS kept FROM kept')).toEqual([{ kept: 0 }]);
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
  await query(abandoned.url, 'CREATE TABLE kept (id int)');
  const pid = postmasterPid();

  const successor = newServer();
  await successor.start();
  expect(isAlive(pid)).toBe(false);
  expect(postmasterPid()).not.toBe(pid);
  expect(await query(successor.url, 'SELECT count(*)::int AS kept FROM kept')).toEqual([{ kept: 0 }]);
});

test('it runs in a folder that other users cannot enter, and its files can be removed again', async () => {
  chmodSync(folder, 0o700);
  const server = newServer();
  await server.start();
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();

  const substitute = substituteFolder(home);
  expect(existsSync(substitute)).toBe(process.getuid?.() === 0);
  await removePostgresFiles(home);
  expect(existsSync(substitute)).toBe(false);
  expect(existsSync(home)).toBe(false);
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
  const server = new PostgresServer({
    home,
    logFile: join(folder, 'postgres.log'),
    durable: false,
    onDeath: () => void deaths++,
  });
  servers.push(server);
  await server.start();
  const { url } = server;
  await query(url, 'CREATE TABLE kept (id int)');
  process.kill(postmasterPid(), 'SIGKILL');
  await waitFor(() => deaths === 1, 5_000);
  const answers = () =>
    query(url, 'SELECT * FROM kept').then(
      () => true,
      () => false,
    );
  expect(await waitFor(answers, 20_000)).toBe(true);
});

test.each([{ crash: true }, { crash: false }])(
  'a restart with %j keeps the address and every commit, and is no death',
  async (how) => {
    let deaths = 0;
    const server = new PostgresServer({
      home,
      logFile: join(folder, 'postgres.log'),
      durable: false,
      onDeath: () => void deaths++,
    });
    servers.push(server);
    await expect(server.restart(how)).rejects.toThrow(/not running/);
    await server.start();
    const { url } = server;
    const pid = postmasterPid();
    await query(url, 'CREATE TABLE kept (id int)');
    await Promise.all([server.restart(how), server.restart(how)]);
    expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
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
