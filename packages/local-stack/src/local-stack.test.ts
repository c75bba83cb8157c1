import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LocalStack } from './local-stack.js';
import { isAlive } from './processes/process-table.js';
import { waitFor } from './processes/wait-for.js';
import { SERVICES, type ServiceName } from './services.js';
import { resetStack } from './stack/reset.js';
import { readRunningStack } from './stack/running-stack.js';
import type { LocalStackOptions, StackEvent } from './stack/stack-options.js';
import { fakeCheckout, type FakeCheckout } from './testing/fake-checkout.js';
import { query } from './testing/query.js';

// Ten processes start at once, which takes a while on a machine that runs other tests too.
vi.setConfig({ testTimeout: 90_000 });

let checkout: FakeCheckout;
let dataDir: string;
let events: StackEvent[];
const stacks: LocalStack[] = [];

beforeEach(() => {
  checkout = fakeCheckout();
  dataDir = join(checkout.rootDir, '.local');
  events = [];
});

afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  await resetStack(dataDir);
  checkout.remove();
});

function newStack(options: Partial<LocalStackOptions> = {}): LocalStack {
  const stack = new LocalStack({
    rootDir: checkout.rootDir,
    dataDir,
    ports: 'free',
    persistent: false,
    env: { ...process.env, REDIS_URL: undefined },
    onEvent: (event) => events.push(event),
    ...options,
  });
  stacks.push(stack);
  return stack;
}

async function environmentOf(url: string): Promise<Record<string, string>> {
  return (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
}

const serverPids = () => [
  Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
];

test('every service becomes ready with its own variables, and a stop leaves no process behind', async () => {
  const stack = newStack({ serviceEnv: { 'seat-service': { LOCK_TTL_SECONDS: '2' } } });
  await stack.start();
  await stack.waitUntilHealthy();

  const seat = await environmentOf(stack.urls['seat-service']);
  expect(seat).toMatchObject({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    DATABASE_URL: stack.postgresUrl('seat-service'),
    REDIS_URL: stack.redisUrl,
    FLIGHT_SEARCH_URL: stack.urls['flight-search-service'],
    SERVICE_CLIENT_ID: 'seat-service',
    LOCK_TTL_SECONDS: '2',
  });
  expect(seat).not.toHaveProperty('JWT_SECRET');
  expect(seat).not.toHaveProperty('ADMIN_PASSWORD');
  const auth = await environmentOf(stack.urls['auth-service']);
  expect(auth['SERVICE_CLIENTS']).toContain(`seat-service:${seat['SERVICE_CLIENT_SECRET']}`);
  expect(auth['JWT_SECRET']).toBe(stack.secrets.jwtSecret);
  expect(await environmentOf(stack.urls['payment-service'])).toMatchObject({
    PAYMENT_WEBHOOK_SECRETS: stack.secrets.paymentWebhookSecret,
    PAYMENT_WEBHOOK_URL: `${stack.urls['api-gateway']}/api/payments/webhook`,
    PUBLIC_URL: stack.urls['api-gateway'],
  });
  expect(seat).not.toHaveProperty('PAYMENT_WEBHOOK_SECRETS');
  expect(await environmentOf(stack.urls['api-gateway'])).not.toHaveProperty('DATABASE_URL');

  const pids = [...serverPids(), ...SERVICES.map(({ name }) => stack.pid(name) ?? 0)];
  expect(pids.every(isAlive)).toBe(true);
  await stack.stop();
  await stack.stop();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(dataDir)).toBe(false);
});

test('a killed service comes back on its port and is reported', async () => {
  const stack = newStack();
  await stack.start();
  await stack.waitUntilHealthy();
  const pid = stack.pid('booking-service');
  await stack.kill('booking-service');
  await stack.waitUntilHealthy();
  expect(stack.pid('booking-service')).not.toBe(pid);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'service-died', service: 'booking-service' }) as StackEvent,
  );

  const second = stack.pid('booking-service');
  await stack.restart('booking-service');
  expect(stack.pid('booking-service')).not.toBe(second);
  expect(await stack.health()).toMatchObject({ 'booking-service': true });
});

test('a stopped service stays away until it is started, with other variables if need be', async () => {
  const stack = newStack();
  await stack.start();
  await stack.waitUntilHealthy();
  await stack.stopService('seat-service');
  expect(await stack.health()).toMatchObject({ 'seat-service': false, 'booking-service': true });
  expect(stack.pid('seat-service')).toBeUndefined();

  await stack.startService('seat-service', { LOCK_TTL_MS: '500' });
  expect(await environmentOf(stack.urls['seat-service'])).toMatchObject({ LOCK_TTL_MS: '500' });
  await stack.kill('seat-service');
  await stack.startService('seat-service');
  expect(await environmentOf(stack.urls['seat-service'])).toMatchObject({ LOCK_TTL_MS: '500' });
  await stack.restart('seat-service');
  expect(await environmentOf(stack.urls['seat-service'])).not.toHaveProperty('LOCK_TTL_MS');
});

test('a persistent stack keeps its data and its secrets, and a reset removes them', async () => {
  const first = newStack({ persistent: true });
  await first.start();
  const client = new pg.Client({ connectionString: first.postgresUrl('seat-service') });
  await client.connect();
  await client.query('CREATE TABLE kept (id int)');
  await client.end();
  const { secrets } = first;
  await first.stop();

  const second = newStack({ persistent: true });
  await second.start();
  expect(second.secrets).toEqual(secrets);
  const again = new pg.Client({ connectionString: second.postgresUrl('seat-service') });
  await again.connect();
  expect((await again.query('SELECT * FROM kept')).rows).toEqual([]);
  await again.end();

  await expect(resetStack(dataDir)).rejects.toThrow(/The stack is running/);
  await second.stop();
  expect(await resetStack(dataDir)).toBe(true);
  expect(existsSync(dataDir)).toBe(false);
});

test('a second stack on the same data is refused and does not disturb the first', async () => {
  const first = newStack();
  await first.start();
  await expect(newStack().start()).rejects.toThrow(/already running/);
  await first.waitUntilHealthy();
});

test('a service that cannot start is reported with its last words', async () => {
  const stack = newStack({ serviceEnv: { 'auth-service': { FAKE_FAILURE: 'JWT_SECRET is too short' } } });
  await stack.start();
  await waitFor(() => events.some((event) => event.type === 'service-died'), 10_000);
  expect(events.at(-1)).toMatchObject({
    service: 'auth-service',
    exit: { code: 1, lastLog: 'JWT_SECRET is too short' },
  });
  await expect(stack.waitUntilHealthy(300)).rejects.toThrow(/Not ready: auth-service/);
});

test('a stop while the stack still starts leaves nothing behind', async () => {
  const stack = newStack();
  const starting = stack.start();
  const stopped = stack.stop();
  await expect(starting).rejects.toThrow(/being stopped/);
  await stopped;
  expect(existsSync(dataDir)).toBe(false);
});

test('services that have not been built are named', async () => {
  checkout.remove();
  await expect(newStack().start()).rejects.toThrow(/Not built: api-gateway, .*npm run build/);
});

test('a service whose database is elsewhere is pointed there', async () => {
  const elsewhere = 'postgres://seat:secret@db.example.com/seat';
  const stack = newStack({ env: { ...process.env, REDIS_URL: undefined, SEAT_DATABASE_URL: elsewhere } });
  await stack.start();
  await stack.waitUntilHealthy();
  expect((await environmentOf(stack.urls['seat-service']))['DATABASE_URL']).toBe(elsewhere);
  expect(stack.postgresUrl('booking-service')).toContain('127.0.0.1');
});

test('several copies share the servers, are reached as one, and a stop leaves none of them behind', async () => {
  const stack = newStack({ replicas: 2 });
  await stack.start();
  await stack.waitUntilHealthy();
  expect(stack.addresses['api-gateway']).toEqual([stack.urls['api-gateway']]);
  const seats = stack.addresses['seat-service'];
  expect(seats).toHaveLength(2);
  expect(seats[0]).toBe(stack.urls['seat-service']);

  const environments = await Promise.all([stack.urls['api-gateway'], ...seats].map(environmentOf));
  for (const environment of environments) {
    expect(environment).toMatchObject({ SEAT_URL: seats.join(','), REDIS_URL: stack.redisUrl });
  }
  const [, first, second] = environments;
  expect(first?.['DATABASE_URL']).toBe(second?.['DATABASE_URL']);
  expect([first, second].map((one) => `http://127.0.0.1:${one?.['PORT']}`)).toEqual(seats);

  const services = SERVICES.map(({ name }) => name as ServiceName);
  const pids = services.flatMap((name) =>
    stack.addresses[name].map((_url, copy) => stack.pid(name, copy) ?? 0),
  );
  expect(pids.filter(isAlive)).toHaveLength(17);
  await stack.stop();
  expect(pids.filter(isAlive)).toEqual([]);
});

test('one copy dies, stops and starts without the other', async () => {
  const stack = newStack({ replicas: 2 });
  await stack.start();
  await stack.waitUntilHealthy();
  const first = stack.pid('seat-service');
  const second = stack.pid('seat-service', 1);
  await stack.kill('seat-service', 1);
  await stack.waitUntilHealthy();
  expect(stack.pid('seat-service', 1)).not.toBe(second);
  expect(events).toContainEqual(expect.objectContaining({ service: 'seat-service', copy: 1 }) as StackEvent);

  await stack.stopService('seat-service', 1);
  expect(await stack.health()).toMatchObject({ 'seat-service': false });
  await expect(stack.waitUntilHealthy(300)).rejects.toThrow('Not ready: seat-service (copy 2).');
  await stack.startService('seat-service', { LOCK_TTL_MS: '500' }, 1);
  expect(await environmentOf(stack.addresses['seat-service'][1] ?? '')).toMatchObject({ LOCK_TTL_MS: '500' });
  expect(stack.pid('seat-service')).toBe(first);
});

test.each([0, 5, 1.5, Number.NaN])('%j copies are refused', (replicas) => {
  expect(() => newStack({ replicas })).toThrow('--replicas has to be a whole number from 1 to 4.');
});

test('what stands in front of a service is what everybody is given for it', async () => {
  const asked: [ServiceName, readonly string[]][] = [];
  const stack = newStack({
    replicas: 2,
    frontOf: (service, addresses) => {
      asked.push([service, addresses]);
      return Promise.resolve(`http://front.example/${service}`);
    },
  });
  await stack.start();
  await stack.waitUntilHealthy();
  expect(Object.fromEntries(asked)).toEqual(stack.addresses);
  expect(await environmentOf(stack.urls['booking-service'])).toMatchObject({
    SEAT_URL: 'http://front.example/seat-service',
  });
  expect(await environmentOf(stack.urls['payment-service'])).toMatchObject({
    PUBLIC_URL: 'http://front.example/api-gateway',
  });
});

test('PostgreSQL restarts in place, and the connections of one service can be cut', async () => {
  const stack = newStack();
  await stack.start();
  const seat = stack.postgresUrl('seat-service');
  await query(seat, 'CREATE TABLE kept (id int)');
  await stack.restartPostgres({ crash: true });
  expect(await query(seat, 'SELECT * FROM kept')).toEqual([]);

  const [victim, bystander] = ['seat-service', 'booking-service'].map(
    (name) => new pg.Client({ connectionString: stack.postgresUrl(name as ServiceName) }),
  );
  let cuts = 0;
  victim?.on('error', () => cuts++);
  await Promise.all([victim?.connect(), bystander?.connect()]);
  expect(await stack.cutDatabaseConnections('seat-service')).toBe(1);
  await expect.poll(() => cuts).toBeGreaterThan(0);
  expect((await bystander?.query('SELECT 1 AS one'))?.rows).toEqual([{ one: 1 }]);
  await bystander?.end();
  expect(await query(stack.adminPostgresUrl, 'SHOW is_superuser')).toEqual([{ is_superuser: 'on' }]);
});

test.each([
  { durable: true, left: '12A' },
  { durable: false, left: null },
])(
  'a Redis that is durable: $durable has $left after its restart, and nothing after a flush',
  async (how) => {
    const stack = newStack({ durable: how.durable });
    await stack.start();
    const client = createClient({ url: stack.redisUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.set('lock', '12A');
      await stack.restartRedis({ crash: false });
      expect(await client.get('lock')).toBe(how.left);
      await client.set('lock', '12A');
      await stack.flushRedis();
      expect(await client.get('lock')).toBeNull();
    } finally {
      client.destroy();
    }
  },
);

test('another program of the same user finds a stack while it runs, and only then', async () => {
  expect(() => readRunningStack(dataDir)).toThrow(/No stack runs on .*npm start/);
  const stack = newStack({ persistent: true });
  await stack.start();
  expect(readRunningStack(dataDir)).toMatchObject({
    urls: stack.urls,
    addresses: stack.addresses,
    adminPostgresUrl: stack.adminPostgresUrl,
    redisUrl: stack.redisUrl,
    adminCredentials: { email: 'admin@example.com', password: stack.secrets.adminPassword },
  });
  expect(readRunningStack(dataDir).postgresUrls['seat-service']).toBe(stack.postgresUrl('seat-service'));
  const file = join(dataDir, 'stack.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await stack.stop();
  expect(existsSync(file)).toBe(false);
  expect(() => readRunningStack(dataDir)).toThrow(/No stack runs/);
});
