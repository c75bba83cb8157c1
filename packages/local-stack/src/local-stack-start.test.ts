import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waitFor } from './processes/wait-for.js';
import { fakeStacks, type FakeStacks } from './testing/fake-stacks.js';

// Ten processes start at once, which takes a while on a machine that runs other tests too.
vi.setConfig({ testTimeout: 90_000 });

let stacks: FakeStacks;

beforeEach(() => {
  stacks = fakeStacks();
});
afterEach(() => stacks.remove());

test('a service that cannot start is reported with its last words', async () => {
  const stack = stacks.make({ serviceEnv: { 'auth-service': { FAKE_FAILURE: 'JWT_SECRET is too short' } } });
  await stack.start();
  await waitFor(() => stacks.events.some((event) => event.type === 'service-died'), 10_000);
  expect(stacks.events.at(-1)).toMatchObject({
    service: 'auth-service',
    exit: { code: 1, lastLog: 'JWT_SECRET is too short' },
  });
  await expect(stack.waitUntilHealthy(300)).rejects.toThrow(/Not ready: auth-service/);
});

test('a stop while the stack still starts leaves nothing behind', async () => {
  const stack = stacks.make();
  const starting = stack.start();
  const stopped = stack.stop();
  await expect(starting).rejects.toThrow(/being stopped/);
  await stopped;
  expect(existsSync(stacks.dataDir)).toBe(false);
});

test('services that have not been built are named', async () => {
  stacks.checkout.remove();
  await expect(stacks.make().start()).rejects.toThrow(/Not built: api-gateway, .*npm run build/);
});

test.each([0, 5, 1.5, Number.NaN])('%j copies are refused', (replicas) => {
  expect(() => stacks.make({ replicas })).toThrow('--replicas has to be a whole number from 1 to 4.');
});
