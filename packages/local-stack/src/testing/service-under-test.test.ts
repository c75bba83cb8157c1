import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ServiceUnderTest, StubService, type RunnableService, type TestEnvironment } from './index.js';

/** Answers what it was asked and with which environment it runs. */
class EchoService implements RunnableService {
  private readonly server: Server;

  constructor(private readonly environment: TestEnvironment) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    this.server.listen(Number(this.environment['PORT']), this.environment['HOST']);
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method, url, headers } = request;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, url, headers, body, environment: this.environment }));
  }
}

const compose = (environment: TestEnvironment) => new EchoService(environment);
let stop: (() => Promise<void>) | undefined;

afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function start(options: { readonly redis?: boolean; readonly database?: boolean } = {}) {
  const seats = new StubService();
  const test = new ServiceUnderTest({
    compose,
    neighbours: { SEAT_URL: seats },
    environment: { BOOKING_TTL_MS: '1000' },
    ...options,
  });
  stop = () => test.stop();
  await test.start({ TRUST_PROXY: '1' });
  return { test, seats };
}

test('an instance gets the addresses of its database, Redis, issuer and neighbours, and what tests add', async () => {
  const { test, seats } = await start({ redis: true });
  const { body } = await test.request(undefined, 'GET', '/');
  expect(body.environment).toMatchObject({
    DATABASE_URL: test.database.url,
    REDIS_URL: test.redis.url,
    AUTH_URL: test.issuer.url,
    SEAT_URL: seats.url,
    BOOKING_TTL_MS: '1000',
    TRUST_PROXY: '1',
  });
});

test('a service without a database gets none', async () => {
  const { test } = await start({ database: false });
  const { body } = await test.request(undefined, 'GET', '/');
  expect(body.environment).not.toHaveProperty('DATABASE_URL');
  expect(() => test.database).toThrow('has not been started');
});

test('a request carries the token of whoever sends it, and its body', async () => {
  const { test } = await start();
  const nobody = await test.request(undefined, 'GET', '/seats');
  expect(nobody.body.headers).not.toHaveProperty('authorization');

  const user = await test.request({ userId: 7 }, 'POST', '/seats', { seats: ['12A'] });
  const claims = JSON.parse(atob(user.body.headers.authorization.split('.')[1]));
  expect(claims).toMatchObject({ sub: '7', role: 'customer' });
  expect(user.body).toMatchObject({ method: 'POST', url: '/seats', body: '{"seats":["12A"]}' });

  const holder = await test.request({ token: 'stolen' }, 'PUT', '/seats', '{', { headers: { 'x-a': 'b' } });
  expect(holder.body).toMatchObject({ headers: { authorization: 'Bearer stolen', 'x-a': 'b' }, body: '{' });
});

test('a restart leaves one instance, on the data of those before it', async () => {
  const { test } = await start();
  const replica = await test.startInstance();
  expect(replica.port).not.toBe(test.service.port);
  await test.sql('create table seats (seat_id bigint)');
  await test.sql('insert into seats values ($1)', [12]);

  const next = await test.restart();
  expect(test.service).toBe(next);
  expect(await test.sql('select seat_id from seats')).toEqual([{ seat_id: 12 }]);
  await expect(test.request(undefined, 'GET', '/', undefined, { instance: replica })).rejects.toThrow();
});

test('everything is stopped and removed, also when an instance fails to stop', async () => {
  const { test, seats } = await start();
  const { url } = seats;
  await test.startInstance({}, (environment) => {
    const broken = new EchoService(environment);
    const stopped = broken.stop.bind(broken);
    broken.stop = async () => {
      await stopped();
      throw new Error('It did not stop well.');
    };
    return broken;
  });
  stop = undefined;
  await expect(test.stop()).rejects.toThrow('It did not stop well.');
  await expect(fetch(url)).rejects.toThrow();
});
