import { once } from 'node:events';
import { connect } from 'node:net';
import express, { type Express } from 'express';
import { Agent, request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { HttpServer } from './http-server.js';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const running: HttpServer[] = [];

function serverOf(app: Express, options = LOOPBACK): HttpServer {
  const server = new HttpServer({ app }, options);
  running.push(server);
  return server;
}

/** An app whose `/slow` answers when told to. */
function slowApp(): { app: Express; begun: Promise<void>; finish: () => void } {
  let finish = (): void => {};
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const app = express();
  app.get('/quick', (_request, response) => void response.end('quick'));
  app.get('/slow', (_request, response) => {
    finish = () => void response.end('done');
    begin();
  });
  return { app, begun, finish: () => finish() };
}

const urlOf = (server: HttpServer): string => `http://127.0.0.1:${server.port}`;

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

test('a request that has begun is answered while the server stops, and no new one is taken', async () => {
  const { app, begun, finish } = slowApp();
  const server = serverOf(app);
  await server.start();
  const url = urlOf(server);
  const answer = fetch(`${url}/slow`);
  await begun;
  const stopping = server.stop();
  await expect(fetch(`${url}/quick`)).rejects.toThrow();
  finish();
  expect(await (await answer).text()).toBe('done');
  await stopping;
});

test('connections that are kept alive and idle do not hold the stop up', async () => {
  const { app } = slowApp();
  const server = serverOf(app);
  await server.start();
  const agent = new Agent({ keepAliveTimeout: 60_000 });
  await (await request(`${urlOf(server)}/quick`, { dispatcher: agent })).body.text();
  const begunAt = Date.now();
  await server.stop();
  expect(Date.now() - begunAt).toBeLessThan(1_000);
  await agent.destroy();
});

test('a connection whose answer goes out during the stop is closed after it, not kept for another request', async () => {
  const { app, begun, finish } = slowApp();
  const server = serverOf(app);
  await server.start();
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await begun;
  const begunAt = Date.now();
  const stopping = server.stop();
  finish();
  await Promise.all([once(socket, 'close'), stopping]);
  expect(answer).toContain('done');
  expect(Date.now() - begunAt).toBeLessThan(1_000);
});

test('a request that never ends is cut off, so that the stop comes to an end', async () => {
  const { app, begun } = slowApp();
  const server = serverOf(app);
  await server.start();
  const answer = fetch(`${urlOf(server)}/slow`).catch((error: unknown) => error);
  await begun;
  await server.stop();
  expect(await answer).toBeInstanceOf(Error);
});

test('a listener in front answers what it likes and leaves the rest to the app', async () => {
  const { app } = slowApp();
  const server = new HttpServer(
    {
      app,
      listener: (received, response) => {
        if (received.url === '/mine') response.end('mine');
        else app(received, response);
      },
    },
    LOOPBACK,
  );
  running.push(server);
  await server.start();
  expect(await (await fetch(`${urlOf(server)}/mine`)).text()).toBe('mine');
  expect(await (await fetch(`${urlOf(server)}/quick`)).text()).toBe('quick');
});

test('start and stop may each be called twice, and the server can start again', async () => {
  const { app } = slowApp();
  const server = serverOf(app);
  await Promise.all([server.start(), server.start()]);
  const first = urlOf(server);
  expect((await fetch(`${first}/quick`)).status).toBe(200);
  await Promise.all([server.stop(), server.stop()]);
  await expect(fetch(`${first}/quick`)).rejects.toThrow();
  await server.start();
  expect(await (await fetch(`${urlOf(server)}/quick`)).text()).toBe('quick');
});

test('a stop that comes while the start is under way leaves nothing listening', async () => {
  const server = serverOf(slowApp().app);
  const starting = server.start();
  await server.stop();
  await starting;
  expect(() => server.port).toThrow('not listening');
});

test('a port that is taken fails the start, which can be tried again once it is free', async () => {
  const holder = serverOf(slowApp().app);
  await holder.start();
  const { port } = holder;
  const server = serverOf(slowApp().app, { ...LOOPBACK, port });
  await expect(server.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await holder.stop();
  await server.start();
  expect(server.port).toBe(port);
});
