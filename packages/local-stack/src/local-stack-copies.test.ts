import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive } from './processes/process-table.js';
import { SERVICES, type ServiceName } from './services.js';
import type { StackEvent } from './stack/stack-options.js';
import { environmentOf, fakeStacks, type FakeStacks } from './testing/fake-stacks.js';

// Nineteen processes start at once, which takes a while on a machine that runs other tests too.
vi.setConfig({ testTimeout: 90_000 });

let stacks: FakeStacks;

beforeEach(() => {
  stacks = fakeStacks();
});
afterEach(() => stacks.remove());

test('several copies share the servers, are reached as one, die alone, and a stop leaves none of them behind', async () => {
  const stack = await stacks.started({ replicas: 2 });
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

  const pidOfFirst = stack.pid('seat-service');
  const pidOfSecond = stack.pid('seat-service', 1);
  await stack.kill('seat-service', 1);
  await stack.waitUntilHealthy();
  expect(stack.pid('seat-service', 1)).not.toBe(pidOfSecond);
  expect(stacks.events).toContainEqual(
    expect.objectContaining({ service: 'seat-service', copy: 1 }) as StackEvent,
  );
  await stack.stopService('seat-service', 1);
  expect(await stack.health()).toMatchObject({ 'seat-service': false });
  await expect(stack.waitUntilHealthy(300)).rejects.toThrow('Not ready: seat-service (copy 2).');
  await stack.startService('seat-service', { LOCK_TTL_MS: '500' }, 1);
  expect(await environmentOf(seats[1] ?? '')).toMatchObject({ LOCK_TTL_MS: '500' });
  expect(stack.pid('seat-service')).toBe(pidOfFirst);

  const services = SERVICES.map(({ name }) => name as ServiceName);
  const pids = services.flatMap((name) =>
    stack.addresses[name].map((_url, copy) => stack.pid(name, copy) ?? 0),
  );
  expect(pids.filter(isAlive)).toHaveLength(17);
  await stack.stop();
  expect(pids.filter(isAlive)).toEqual([]);
});

test('what stands in front of a service is what everybody is given for it', async () => {
  const asked: [ServiceName, readonly string[]][] = [];
  const stack = await stacks.started({
    replicas: 2,
    frontOf: (service, addresses) => {
      asked.push([service, addresses]);
      return Promise.resolve(`http://front.example/${service}`);
    },
  });
  expect(Object.fromEntries(asked)).toEqual(stack.addresses);
  expect(await environmentOf(stack.urls['booking-service'])).toMatchObject({
    SEAT_URL: 'http://front.example/seat-service',
  });
  expect(await environmentOf(stack.urls['payment-service'])).toMatchObject({
    PUBLIC_URL: 'http://front.example/api-gateway',
  });
});
