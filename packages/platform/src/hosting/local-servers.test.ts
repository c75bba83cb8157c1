import { once } from 'node:events';
import { Readable } from 'node:stream';
import express from 'express';
import { Pool } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { overNetwork, type Connection } from '../client/connect.js';
import { HttpServer } from '../http/http-server.js';
import { LocalServers } from './local-servers.js';

const LARGE = Buffer.alloc(3_000_000, 'parcel ');

let locals: LocalServers;
let server: HttpServer;
let near: Connection;
let far: Connection;
let readLater: () => void;
let closed: { path: string; wasFinished: boolean }[];

/** An app that answers in every way that services do. */
function app() {
  const made = express();
  made.disable('x-powered-by');
  made.use((request, response, next) => {
    response.once('close', () => closed.push({ path: request.path, wasFinished: response.writableFinished }));
    next();
  });
  made.get('/json', (request, response) => void response.json({ ip: request.ip, query: request.query }));
  made.get('/connection', ({ socket }, response) => void response.json(typeof socket.remotePort));
  made.get('/empty', (_request, response) => void response.status(204).end());
  made.get('/cookies', (_request, response) => {
    response.appendHeader('set-cookie', 'a=1').appendHeader('set-cookie', 'b=2').end('two');
  });
  made.get('/head', (_request, response) => {
    response.writeHead(203, ['x-one', '1', 'x-many', 'a', 'x-many', 'b']).end('given at once');
  });
  made.get('/large', (_request, response) => void Readable.from([LARGE, LARGE]).pipe(response));
  made.get('/broken', (_request, response) => void response.write('half', () => response.destroy()));
  made.get('/error', () => {
    throw new Error('thrown');
  });
  made.get('/never', () => undefined);
  made.post('/echo', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': type, 'content-length': length } = request.headers;
      response.json({ type, length, body: Buffer.concat(chunks).toString() });
    });
  });
  made.post('/unread', (_request, response) => void response.end('not now'));
  made.post('/later', (request, response) => {
    readLater = () => request.resume().once('end', () => response.end('read'));
  });
  made.set('env', 'test');
  return made;
}

beforeEach(async () => {
  closed = [];
  locals = new LocalServers();
  server = new HttpServer({ app: app() }, { host: '127.0.0.1', port: 0, locals });
  await server.start();
  const address = `http://localhost:${server.port}`;
  near = locals.connectOr(overNetwork)(address, { connections: 4 });
  far = new Pool(`http://127.0.0.1:${server.port}`, { connections: 4 });
});
afterEach(async () => {
  await near.destroy();
  await far.destroy();
  await server.stop();
});

interface Asked {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string> | string[];
  readonly body?: () => string | Buffer | Readable;
}

async function answerOf(connection: Connection, { body, ...asked }: Asked) {
  const answer = await connection.request({ ...asked, body: body?.() ?? null });
  const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...headers } = answer.headers;
  // How a body of unknown length is framed is the connection's affair.
  delete headers['transfer-encoding'];
  return { status: answer.statusCode, headers, body: await answer.body.text() };
}

const JSON_TYPE = { 'content-type': 'application/json' };

test.each<Asked>([
  { method: 'GET', path: '/json?size=small&size=large' },
  { method: 'HEAD', path: '/json' },
  { method: 'GET', path: '/empty' },
  { method: 'GET', path: '/cookies' },
  { method: 'GET', path: '/head' },
  { method: 'HEAD', path: '/head' },
  { method: 'GET', path: '/large' },
  { method: 'GET', path: '/error' },
  { method: 'GET', path: '/unknown' },
  { method: 'POST', path: '/echo', headers: JSON_TYPE, body: () => '{"name":"Zoë"}' },
  {
    method: 'POST',
    path: '/echo',
    headers: ['content-type', 'text/plain'],
    body: () => Buffer.from('bytes'),
  },
  {
    method: 'POST',
    path: '/echo',
    headers: { ...JSON_TYPE, 'content-length': '4' },
    body: () => Readable.from([Buffer.from('ab'), Buffer.from('cd')]),
  },
  {
    method: 'POST',
    path: '/echo',
    headers: JSON_TYPE,
    body: () => Readable.from([Buffer.from('unknown length')]),
  },
  { method: 'POST', path: '/echo' },
])('$method $path is answered in the process as it is over a connection', async (asked) => {
  expect(await answerOf(near, asked)).toEqual(await answerOf(far, asked));
  await expect.poll(() => closed.length).toBe(2);
  expect(closed[0]).toEqual(closed[1]);
});

test('no connection is made to a server of the process, and one is when it has moved out', async () => {
  const remotePort = async () => (await answerOf(near, { method: 'GET', path: '/connection' })).body;
  expect(await remotePort()).toBe('"undefined"');
  await locals.close(server.port, 100);
  expect(await remotePort()).toBe('"number"');
});

test('a server that has stopped refuses as any address does where nobody listens', async () => {
  await server.stop();
  await expect(near.request({ method: 'GET', path: '/json' })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('a caller who gives up gets the error, and the server hears that the caller is gone', async () => {
  const controller = new AbortController();
  const asking = near.request({ method: 'GET', path: '/never', signal: controller.signal });
  controller.abort(new Error('too slow'));
  await expect(asking).rejects.toThrow('too slow');
  await expect.poll(() => closed).toEqual([{ path: '/never', wasFinished: false }]);
});

test('an answer that breaks off in the middle is an error to who reads it', async () => {
  const { statusCode, body } = await near.request({ method: 'GET', path: '/broken' });
  expect(statusCode).toBe(200);
  await expect(body.text()).rejects.toThrow();
  expect(closed).toEqual([{ path: '/broken', wasFinished: false }]);
});

test('a request that has begun is answered while the server stops', async () => {
  const body = new Readable({ read: () => undefined });
  const asking = near.request({ method: 'POST', path: '/echo', body });
  const stopping = server.stop();
  body.push('late');
  body.push(null);
  expect(await (await asking).body.json()).toMatchObject({ body: 'late' });
  await stopping;
});

const CHUNK = Buffer.alloc(65_536);
const CHUNKS = 1_000;

/** A body of 64 MB, and how many chunks of it were asked for. */
function largeBody() {
  const sent = { chunks: 0 };
  const body = Readable.from(
    (function* () {
      for (; sent.chunks < CHUNKS; sent.chunks += 1) yield CHUNK;
    })(),
  );
  return { body, sent };
}

test('a large upload waits until the server reads it', async () => {
  const { body, sent } = largeBody();
  const asking = near.request({ method: 'POST', path: '/later', body });
  await expect.poll(() => body.isPaused()).toBe(true);
  expect(sent.chunks).toBeLessThan(CHUNKS / 10);
  readLater();
  expect(await (await asking).body.text()).toBe('read');
  expect(sent.chunks).toBe(CHUNKS);
});

test.each([
  ['in the process', () => near],
  ['over a connection', () => far],
])('an upload that is answered without being read is let go of %s', async (_where, connection) => {
  const { body, sent } = largeBody();
  const answer = await connection().request({ method: 'POST', path: '/unread', body });
  expect(await answer.body.text()).toBe('not now');
  await expect.poll(() => body.destroyed).toBe(true);
  expect(sent.chunks).toBeLessThan(CHUNKS);
});

test('an upload that breaks off fails the request, and the server hears of it', async () => {
  const body = new Readable({ read: () => undefined });
  const asking = near.request({ method: 'POST', path: '/echo', body });
  body.push('half');
  body.destroy();
  await expect(asking).rejects.toThrow();
  await expect.poll(() => closed).toEqual([{ path: '/echo', wasFinished: false }]);
});

test('a large answer waits until its reader is ready for more', async () => {
  const { body } = await near.request({ method: 'GET', path: '/large' });
  await once(body, 'readable');
  expect(closed).toEqual([]);
  let length = 0;
  for await (const chunk of body) length += (chunk as Buffer).length;
  expect(length).toBe(2 * LARGE.length);
});
