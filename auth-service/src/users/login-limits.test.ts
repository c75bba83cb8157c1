import { RedisLine } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AuthServiceUnderTest,
  sendTo,
  uniqueEmail,
  type Answer,
} from '../testing/auth-service-under-test.js';

const WRONG = 'wrong horse';
const RIGHT = 'correct horse';

let auth: AuthServiceUnderTest;

beforeAll(async () => {
  auth = await AuthServiceUnderTest.start({ LOGIN_FAILURES_PER_ADDRESS: '10000' });
});
afterAll(() => auth.stop());

const logIn = (email: string, password: string, url = auth.url): Promise<Answer> =>
  sendTo(url, 'POST', '/api/auth/login', { email, password });

async function statuses(attempts: readonly Promise<Answer>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(attempts)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('failed logins to one account', () => {
  test('lock it for everybody after five, on every replica, with the time to wait', async () => {
    const { email } = await auth.signUp();
    const replica = await auth.startReplica();
    for (let i = 0; i < 5; i += 1) expect((await logIn(email, WRONG)).status).toBe(401);
    const refused = await logIn(email, RIGHT, replica);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.body).toMatchObject({
      type: 'too-many-attempts',
      status: 429,
      request_id: expect.any(String),
    });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(800);
    expect(wait).toBeLessThanOrEqual(900);
    expect(refused.body.retry_after_seconds).toBe(wait);
  });

  test('are five at most, however many come at once', async () => {
    const { email } = await auth.signUp();
    expect(await statuses(times(60, () => logIn(email, WRONG)))).toEqual({ 401: 5, 429: 55 });
  });

  test('limit an address without an account just the same', async () => {
    const email = uniqueEmail();
    expect(await statuses(times(8, () => logIn(email, WRONG)))).toEqual({ 401: 5, 429: 3 });
  });

  test('do not touch another account', async () => {
    const { email: attacked } = await auth.signUp();
    const { email: other } = await auth.signUp();
    await statuses(times(6, () => logIn(attacked, WRONG)));
    expect((await logIn(other, RIGHT)).status).toBe(200);
  });

  test('are forgotten after a right one', async () => {
    const { email } = await auth.signUp();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 4; i += 1) expect((await logIn(email, WRONG)).status).toBe(401);
      expect((await logIn(email, RIGHT)).status).toBe(200);
    }
  });

  test('are forgotten when their time is over', async () => {
    const { email } = await auth.signUp();
    const replica = await auth.startReplica({ LOGIN_WINDOW_SECONDS: '2' });
    await statuses(times(6, () => logIn(email, WRONG, replica)));
    expect((await logIn(email, RIGHT, replica)).status).toBe(429);
    await expect.poll(async () => (await logIn(email, RIGHT, replica)).status).toBe(200);
  });
});

test('a hundred right logins of one account at once all succeed', async () => {
  const { email } = await auth.signUp();
  expect(await statuses(times(100, () => logIn(email, RIGHT)))).toEqual({ 200: 100 });
});

test('failures from one network address are limited over all accounts', async () => {
  const replica = await auth.startReplica({
    LOGIN_FAILURES_PER_ADDRESS: '10',
    PASSWORD_HASH_CONCURRENCY: '1',
  });
  const from = (address: string, email: string, password: string) =>
    fetch(`${replica}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ email, password }),
    });
  const attempts = await Promise.all(times(15, () => from('203.0.113.7', uniqueEmail(), WRONG)));
  expect(attempts.filter(({ status }) => status === 401)).toHaveLength(10);
  expect(attempts.filter(({ status }) => status === 429)).toHaveLength(5);
  const { email } = await auth.signUp();
  expect((await from('203.0.113.7', email, RIGHT)).status).toBe(429);
  expect((await from('203.0.113.8', email, RIGHT)).status).toBe(200);
});

test('more logins than the queue holds are told to come again', async () => {
  const replica = await auth.startReplica({
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE: '3',
    ARGON2_MEMORY_KIB: '19456',
  });
  const counts = await statuses(times(50, () => logIn(uniqueEmail(), WRONG, replica)));
  expect(counts[401]).toBeGreaterThanOrEqual(4);
  expect(counts[503]).toBeGreaterThan(0);
  expect((counts[401] ?? 0) + (counts[503] ?? 0)).toBe(50);
});

test('an attempt that could not be judged is not held against the account', async () => {
  const { email } = await auth.signUp();
  await auth.sql('alter table users rename to users_away');
  const broken = await statuses(times(10, () => logIn(email, RIGHT)));
  await auth.sql('alter table users_away rename to users');
  expect(broken).toEqual({ 500: 10 });
  expect((await logIn(email, RIGHT)).status).toBe(200);
});

describe('without Redis', () => {
  test('the service starts, is ready, and limits logins all the same', async () => {
    const replica = await auth.startReplica({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect((await sendTo(replica, 'GET', '/health/ready')).status).toBe(200);
    const { email } = await auth.signUp();
    expect((await logIn(email, RIGHT, replica)).status).toBe(200);
    expect(await statuses(times(20, () => logIn(email, WRONG, replica)))).toEqual({ 401: 5, 429: 15 });
  });

  test('logins go on when it goes, and are counted there again when it comes back', async () => {
    const line = new RedisLine(new URL(auth.redis.url));
    await line.mend();
    const replica = await auth.startReplica({ REDIS_URL: line.url });
    const { email } = await auth.signUp();
    expect((await logIn(email, RIGHT, replica)).status).toBe(200);
    line.cut();
    expect(await statuses(times(20, () => logIn(email, WRONG, replica)))).toEqual({ 401: 5, 429: 15 });
    await line.mend();
    const lockedElsewhere = async (): Promise<number> => {
      const { email: next } = await auth.signUp();
      await statuses(times(6, () => logIn(next, WRONG, replica)));
      return (await logIn(next, RIGHT)).status;
    };
    await expect.poll(lockedElsewhere).toBe(429);
    line.cut();
  });
});
