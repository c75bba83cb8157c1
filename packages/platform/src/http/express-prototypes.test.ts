import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, test } from 'vitest';
import { serverOptionsFor } from './express-prototypes.js';

interface Seen {
  readonly born: readonly unknown[];
  readonly handled: readonly unknown[];
  readonly json: unknown;
}

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** Notes the prototypes of a request and its response before Express sees them and inside of a handler. */
async function prototypesOf(app: express.Express): Promise<Seen> {
  const born: unknown[] = [];
  const handled: unknown[] = [];
  app.get('/', (request, response) => {
    handled.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    response.json({ ip: request.ip, get: request.get('x-note') });
  });
  const options = serverOptionsFor(app);
  const server = createServer(options, (request: IncomingMessage, response: ServerResponse) => {
    born.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    app(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-note': 'noted' } });
  return { born, handled, json: await response.json() };
}

test('requests and responses are born with the prototypes that Express would give them, and keep them', async () => {
  const app = express();
  const { born, handled } = await prototypesOf(app);
  expect(born[0]).toBe(app.request);
  expect(born[1]).toBe(app.response);
  expect(handled).toEqual(born);
});

test('without the options Express gives both another prototype, so the test above can fail', async () => {
  const app = express();
  const server = createServer(app);
  const seen: boolean[] = [];
  server.prependListener('request', (request: IncomingMessage) =>
    seen.push(Object.getPrototypeOf(request) === app.request),
  );
  app.get('/', (_request, response) => void response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  server.close();
  server.closeAllConnections();
  expect(seen).toEqual([false]);
});

test('everything that Express adds to requests and responses still works', async () => {
  const { json } = await prototypesOf(express());
  expect(json).toEqual({ ip: '127.0.0.1', get: 'noted' });
});

test('the prototypes of one app are not those of another', async () => {
  const [one, two] = [express(), express()];
  serverOptionsFor(one);
  serverOptionsFor(two);
  expect(one.request).not.toBe(two.request);
  expect(one.request.app).toBe(one);
  expect(two.request.app).toBe(two);
});
