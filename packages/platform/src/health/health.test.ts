import { expect, test } from 'vitest';
import { Health, type HealthCheck } from './health.js';

const healthOf = (checks: Record<string, HealthCheck['check']>): Health => {
  const health = new Health();
  for (const [name, check] of Object.entries(checks)) health.add({ name, check });
  return health;
};
const fine = (): Promise<void> => Promise.resolve();

test('a service without needs, and one whose needs are met, is ready', async () => {
  expect(await healthOf({}).report()).toEqual({ status: 'ok', checks: {} });
  expect(await healthOf({ postgres: fine }).report()).toEqual({ status: 'ok', checks: { postgres: 'ok' } });
});

test('one part that is down makes the whole unavailable, and is named', async () => {
  const health = healthOf({ postgres: fine, redis: () => Promise.reject(new Error('away')) });
  expect(await health.report()).toEqual({ status: 'unavailable', checks: { postgres: 'ok', redis: 'down' } });
});

test('a check that throws before it promises anything is down as well', async () => {
  const health = healthOf({
    redis: () => {
      throw new Error('closed');
    },
  });
  expect((await health.report()).checks).toEqual({ redis: 'down' });
});

test('parts that do not answer are down after two seconds, all at once', async () => {
  const hanging = (): Promise<void> => new Promise(() => {});
  const begunAt = Date.now();
  const { checks } = await healthOf({ postgres: hanging, redis: hanging, mail: fine }).report();
  expect(checks).toEqual({ postgres: 'down', redis: 'down', mail: 'ok' });
  expect(Date.now() - begunAt).toBeLessThan(2_800);
});

test('a part that the service can do without is named when it is down, and the service is degraded', async () => {
  const health = new Health();
  health.add({ name: 'postgres', check: async () => {} });
  health.add({ name: 'redis', check: () => Promise.reject(new Error('away')) }, { optional: true });
  expect(await health.report()).toEqual({ status: 'degraded', checks: { postgres: 'ok', redis: 'down' } });
});
