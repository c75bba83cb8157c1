import { SERVICES, type LocalStack } from '@flight-booking/local-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCustomer, type Customer } from './api/customer.js';
import { createTestStack } from './testing/global-setup.js';
import { journeyStatus } from './testing/journeys.js';

const FLIGHT = 1;
/** Somebody who tries again all the time makes the recovery take longer. */
const RECOVERY = { interval: 250 };

describe('a stack in one process', () => {
  let stack: LocalStack;
  let customer: Customer;

  beforeAll(async () => {
    stack = createTestStack({}, { inOneProcess: true });
    await stack.start();
    await stack.waitUntilHealthy(90_000);
    customer = await newCustomer(stack.urls['api-gateway']);
  });
  afterAll(() => stack.stop());

  const journey = (): Promise<number> => journeyStatus(customer, FLIGHT);

  it('has one process for all nine services, each on its own port', async () => {
    const pids = SERVICES.map(({ name }) => stack.pid(name));
    expect(new Set(pids).size).toBe(1);
    expect(Object.values(await stack.health())).toEqual(SERVICES.map(() => true));
  });

  it('takes a customer from the lock to the ticket', async () => {
    expect(await journey()).toBe(201);
  });

  it('goes on by itself after it was killed', async () => {
    await stack.kill('booking-service');
    await stack.waitUntilHealthy(60_000);
    await expect.poll(journey, RECOVERY).toBe(201);
  });
});
