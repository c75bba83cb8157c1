import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitFor } from '../processes/wait-for.js';
import { makeTestFolder } from '../testing/test-folders.js';
import { RedisServer } from './redis-server.js';

let folder: string;
const servers: RedisServer[] = [];

beforeEach(() => {
  folder = makeTestFolder('redis');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

function newServer({
  durable = false,
  externalUrl,
  home = 'home with a space',
}: { durable?: boolean; externalUrl?: string; home?: string } = {}): RedisServer {
  const server = new RedisServer({
    home: join(folder, home),
    logFile: join(folder, `${home}.log`),
    durable,
    externalUrl,
  });
  servers.push(server);
  return server;
}

async function command(url: string, ...words: string[]): Promise<unknown> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.sendCommand(words);
  } finally {
    if (client.isOpen) client.destroy();
  }
}

test('it starts, asks for its password, and a stop ends it', async () => {
  const server = newServer();
  await server.start();
  await server.start();
  const { url } = server;
  expect(await command(url, 'PING')).toBe('PONG');
  const withoutPassword = new URL(url);
  withoutPassword.password = '';
  await expect(command(withoutPassword.href, 'PING')).rejects.toThrow(/NOAUTH/);

  await server.stop();
  await server.stop();
  await expect(command(url, 'PING')).rejects.toThrow(/ECONNREFUSED/);
});

test('a durable server keeps its keys over a restart', async () => {
  const server = newServer({ durable: true });
  await server.start();
  await command(server.url, 'SET', 'lock', '12A');
  await server.stop();
  await server.start();
  expect(await command(server.url, 'GET', 'lock')).toBe('12A');
});

test('a server that a killed run left behind is stopped', async () => {
  const abandoned = newServer();
  await abandoned.start();
  const { url } = abandoned;
  await newServer().start();
  await expect(command(url, 'PING')).rejects.toThrow(/ECONNREFUSED/);
});

test('a server that somebody else runs is used and left running', async () => {
  const theirs = newServer();
  await theirs.start();
  const ours = newServer({ externalUrl: theirs.url });
  await ours.start();
  expect(ours.url).toBe(theirs.url);
  await ours.stop();
  expect(await command(theirs.url, 'PING')).toBe('PONG');
});

test('several servers of a cluster that somebody else runs are used if every one answers', async () => {
  const theirs = [newServer({ home: 'one' }), newServer({ home: 'two' })];
  await Promise.all(theirs.map((server) => server.start()));
  const externalUrl = theirs.map(({ url }) => url).join(',');
  const ours = newServer({ externalUrl });
  await ours.start();
  expect(ours.url).toBe(externalUrl);
  const oneIsAway = newServer({ externalUrl: `${externalUrl},redis://127.0.0.1:1` });
  await expect(oneIsAway.start()).rejects.toThrow('REDIS_URL points at 127.0.0.1:1, which does not answer');
});

test('a REDIS_URL that does not answer is an error that says so', async () => {
  const server = newServer({ externalUrl: 'redis://127.0.0.1:1' });
  await expect(server.start()).rejects.toThrow('REDIS_URL points at 127.0.0.1:1, which does not answer');
});

test('its password is not among its arguments', async () => {
  const server = newServer();
  await server.start();
  const pid = await pidOf(server);
  if (process.platform !== 'linux') return;
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(new URL(server.url).password);
});

test('a killed server comes back on the same port', async () => {
  const server = newServer();
  await server.start();
  const pid = await pidOf(server);
  process.kill(pid, 'SIGKILL');
  const returned = () =>
    pidOf(server).then(
      (now) => now !== pid,
      () => false,
    );
  expect(await waitFor(returned, 10_000)).toBe(true);
});

test.each([{ crash: true }, { crash: false }])('a restart with %j keeps the address', async (how) => {
  const server = newServer({ durable: true });
  await server.start();
  const pid = await pidOf(server);
  await command(server.url, 'SET', 'lock', '12A');
  await server.restart(how);
  expect(await pidOf(server)).not.toBe(pid);
  expect(await command(server.url, 'GET', 'lock')).toBe('12A');
});

test('a server that somebody else runs is not restarted', async () => {
  const theirs = newServer();
  await theirs.start();
  const ours = newServer({ externalUrl: theirs.url });
  await ours.start();
  await expect(ours.restart({ crash: true })).rejects.toThrow(/no Redis of ours/);
});

async function pidOf(server: RedisServer): Promise<number> {
  const info = String(await command(server.url, 'INFO', 'server'));
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}
