import type { LocalStack, StackEvent } from '@flight-booking/local-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCustomer, type Customer } from './api/customer.js';
import { createTestStack } from './testing/global-setup.js';
import { journeyStatus } from './testing/journeys.js';

const FLIGHT = 1;
/** Somebody who tries again all the time makes the recovery take longer. */
const RECOVERY = { interval: 250 };

describe('a stack with two copies of each service', () => {
  let stack: LocalStack;
  let customer: Customer;
  const deaths: StackEvent[] = [];

  beforeAll(async () => {
    stack = createTestStack(
      {},
      { replicas: 2, onEvent: (event) => void (event.type === 'service-died' && deaths.push(event)) },
    );
    await stack.start();
    await stack.waitUntilHealthy(150_000);
    customer = await newCustomer(stack.urls['api-gateway']);
  }, 180_000);
  afterAll(() => stack.stop());

  const journey = (): Promise<number> => journeyStatus(customer, FLIGHT);

  it('takes a customer from the lock to the ticket', async () => {
    expect(await journey()).toBe(201);
  });

  it('loses no read when one copy is killed', async () => {
    const ending = new AbortController();
    const statuses: number[] = [];
    const reader = async (): Promise<void> => {
      while (!ending.signal.aborted) statuses.push((await customer.api.get('/api/airports')).status);
    };
    const reading = Promise.all([reader(), reader(), reader(), reader()]);
    await expect.poll(() => statuses.length).toBeGreaterThan(20);
    await stack.kill('flight-search-service', 1);
    const atDeath = statuses.length;
    await expect.poll(() => statuses.length).toBeGreaterThan(atDeath + 50);
    await stack.startService('flight-search-service', undefined, 1);
    ending.abort();
    await reading;
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it.each([
    ['PostgreSQL crashes', () => stack.restartPostgres({ crash: true })],
    ['PostgreSQL is restarted', () => stack.restartPostgres({ crash: false })],
    ['Redis crashes and comes back empty', () => stack.restartRedis({ crash: true })],
    ['Redis is emptied', () => stack.flushRedis()],
    ['the connections of booking-service are cut', () => stack.cutDatabaseConnections('booking-service')],
  ] as const)('books again by itself, without any restart, after %s', async (_what, fault) => {
    deaths.length = 0;
    await fault();
    await expect.poll(journey, RECOVERY).toBe(201);
    expect(deaths).toEqual([]);
  });
});
