import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LocalStack } from './local-stack.js';
import { isAlive } from './processes/process-table.js';
import { SERVICES, type ServiceName } from './services.js';
import type { StackEvent } from './stack/stack-options.js';
import { environmentOf, fakeStacks, type FakeStacks } from './testing/fake-stacks.js';
import { query } from './testing/query.js';

// Ten processes start at once, which takes a while on a machine that runs other tests too.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const ELSEWHERE = 'postgres://discount:secret@db.example.com/discount';

let stacks: FakeStacks;
let stack: LocalStack;

// One for all: each test leaves it as it found it, and the last one stops it.
beforeAll(async () => {
  stacks = fakeStacks();
  stack = await stacks.started({
    env: { DISCOUNT_DATABASE_URL: ELSEWHERE },
    serviceEnv: { 'seat-service': { LOCK_TTL_SECONDS: '2' } },
  });
});
afterAll(() => stacks.remove());

const serverPids = () => [
  Number(readFileSync(join(stacks.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
];

test('every service becomes ready with its own variables', async () => {
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
});

test('a service whose database is elsewhere is pointed there', async () => {
  expect((await environmentOf(stack.urls['discount-service']))['DATABASE_URL']).toBe(ELSEWHERE);
  expect(stack.postgresUrl('booking-service')).toContain('127.0.0.1');
});

test('a second stack on the same data is refused and does not disturb the first', async () => {
  await expect(stacks.make().start()).rejects.toThrow(/already running/);
  await stack.waitUntilHealthy();
});

test('a killed service comes back on its port and is reported', async () => {
  const pid = stack.pid('booking-service');
  await stack.kill('booking-service');
  await stack.waitUntilHealthy();
  expect(stack.pid('booking-service')).not.toBe(pid);
  expect(stacks.events).toContainEqual(
    expect.objectContaining({ type: 'service-died', service: 'booking-service' }) as StackEvent,
  );

  const second = stack.pid('booking-service');
  await stack.restart('booking-service');
  expect(stack.pid('booking-service')).not.toBe(second);
  expect(await stack.health()).toMatchObject({ 'booking-service': true });
});

test('a stopped service stays away until it is started, with other variables if need be', async () => {
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

test('PostgreSQL restarts in place, and the connections of one service can be cut', async () => {
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

test('a Redis that need not be durable is empty after its restart, and after a flush', async () => {
  const client = createClient({ url: stack.redisUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.set('lock', '12A');
    await stack.restartRedis({ crash: false });
    expect(await client.get('lock')).toBeNull();
    await client.set('lock', '12A');
    await stack.flushRedis();
    expect(await client.get('lock')).toBeNull();
  } finally {
    client.destroy();
  }
});

test('a stop leaves no process and no data behind', async () => {
  const pids = [...serverPids(), ...SERVICES.map(({ name }) => stack.pid(name) ?? 0)];
  expect(pids.every(isAlive)).toBe(true);
  await stack.stop();
  await stack.stop();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(stacks.dataDir)).toBe(false);
});
