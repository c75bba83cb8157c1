import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HttpServer } from '../http/http-server.js';
import { socketPathOf, throughSockets, type Connection } from './connect.js';

const OPTIONS = { connections: 2, connect: { timeout: 1_000 } };
let folder: string;
let server: HttpServer;
let connection: Connection | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sockets-'));
});
afterEach(async () => {
  await connection?.destroy();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A server that says through what a request came and from where. */
async function serve(socketFolder?: string, port = 0): Promise<string> {
  const app = express();
  app.set('trust proxy', 'loopback');
  app.get('/', ({ socket, ip }, response) => {
    response.json({ through: socket.localPort === undefined ? 'socket' : 'network', ip });
  });
  server = new HttpServer({ app }, { host: '127.0.0.1', port, socketFolder });
  await server.start();
  return `http://127.0.0.1:${server.port}`;
}

const ask = async (): Promise<unknown> => {
  const { body } = await (connection as Connection).request({
    method: 'GET',
    path: '/',
    headers: { 'x-forwarded-for': '203.0.113.7' },
  });
  return body.json();
};

test('a server of this machine is reached through its socket, as a peer whose word about the client counts', async () => {
  connection = throughSockets(folder)(await serve(folder), OPTIONS);
  expect(await ask()).toEqual({ through: 'socket', ip: '203.0.113.7' });
});

test('a server without a socket is reached over the network', async () => {
  connection = throughSockets(folder)(await serve(), OPTIONS);
  expect(await ask()).toEqual({ through: 'network', ip: '203.0.113.7' });
});

test('a socket that a killed process left is passed by, and replaced by the next that has the port', async () => {
  const url = await serve();
  const path = socketPathOf(folder, server.port);
  await writeFile(path, '');
  connection = throughSockets(folder)(url, OPTIONS);
  expect(await ask()).toMatchObject({ through: 'network' });
  await connection.destroy();
  const { port } = server;
  await server.stop();
  await serve(folder, port);
  connection = throughSockets(folder)(url, OPTIONS);
  expect(await ask()).toMatchObject({ through: 'socket' });
});

test('a server that stops takes its socket with it, and can be reached through it when it starts again', async () => {
  const url = await serve(folder);
  await server.stop();
  expect(await readdir(folder)).toEqual([]);
  connection = throughSockets(folder)(url, OPTIONS);
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
