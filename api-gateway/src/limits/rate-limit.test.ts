import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisLine, createTestRedis, type TestRedis } from '@flight-booking/local-stack/testing';
import { RunningGateway, valuesOf, type Answer } from '../testing/running-gateway.js';

let redis: TestRedis;
const gateways: RunningGateway[] = [];

beforeAll(async () => {
  redis = await createTestRedis();
});
afterAll(() => redis.release());
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
  await redis.flush();
});

const QUIET_MS = 200;
const LIMITS = { RATE_LIMIT_PER_ADDRESS: '5', RATE_LIMIT_PER_USER: '7', RATE_LIMIT_AUTH_PER_ADDRESS: '3' };
async function startGateway(environment: Record<string, string> = {}): Promise<RunningGateway> {
  const gateway = new RunningGateway();
  gateways.push(gateway);
  await gateway.start({ REDIS_URL: redis.url, ...LIMITS, ...environment });
  return gateway;
}

/** How often the tests' address has called, as Redis knows it. */
async function sharedCount(): Promise<number> {
  const client = createClient({ url: redis.url });
  await client.connect();
  try {
    return Number(await client.get('rate-limit:address:127.0.0.1'));
  } finally {
    client.destroy();
  }
}

async function times(count: number, call: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < count; i += 1) answers.push(await call());
  return answers;
}
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

/** A read that needs no token. */
const download =
  (gateway: RunningGateway, headers: Record<string, string> = {}) =>
  () =>
    gateway.call({ path: '/api/tickets/1.pdf', headers });

describe('limits', () => {
  it('hold for an address, and every answer says what is left', async () => {
    const gateway = await startGateway();
    const answers = await times(6, download(gateway));
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429]);
    answers.forEach(({ rawHeaders }, i) => {
      expect(valuesOf(rawHeaders, 'ratelimit-policy')).toEqual(['"address";q=5;w=60']);
      expect(valuesOf(rawHeaders, 'ratelimit')[0]).toMatch(
        new RegExp(`^"address";r=${Math.max(0, 4 - i)};t=[1-6]?\\d$`),
      );
    });
    const refused = answers.at(-1);
    expect(refused?.body).toMatchObject({
      type: 'rate-limited',
      status: 429,
      retry_after_seconds: expect.any(Number),
    });
    expect(Number(refused?.headers['retry-after'])).toBe(refused?.body.retry_after_seconds);
  });

  it('hold for a user wherever he comes from, and not for his neighbours', async () => {
    const gateway = await startGateway({ TRUST_PROXY: '127.0.0.0/8', RATE_LIMIT_PER_ADDRESS: '100' });
    const [token, neighbour] = await Promise.all(
      [1, 2].map((userId) => gateway.issuer.userToken({ userId })),
    );
    let address = 0;
    const call = (bearer: string | undefined) => () =>
      gateway.call({
        path: '/api/flights/1',
        token: bearer ?? '',
        headers: { 'x-forwarded-for': `10.0.0.${(address += 1)}` },
      });
    expect(statuses(await times(8, call(token)))).toEqual([...Array.from({ length: 7 }, () => 200), 429]);
    const [other] = await times(1, call(neighbour));
    expect(other?.status).toBe(200);
    expect(valuesOf(other?.rawHeaders ?? [], 'ratelimit').at(-1)).toMatch(/^"user";r=6;/);
  });

  it('are narrower for signing in, and separate', async () => {
    const gateway = await startGateway();
    const signIn = () => gateway.call({ method: 'POST', path: '/api/auth/login', body: '{}' });
    expect(statuses(await times(4, signIn)).at(-1)).toBe(429);
    expect((await download(gateway)()).status).toBe(200);
  });

  it('are wide for calls that bring their own proof, as webhooks do, and separate', async () => {
    const gateway = await startGateway({ RATE_LIMIT_CALLBACKS_PER_ADDRESS: '9' });
    const tell = () => gateway.call({ method: 'POST', path: '/api/payments/webhook', body: '{}' });
    expect(statuses(await times(6, download(gateway))).at(-1)).toBe(429);
    const answers = await times(10, tell);
    expect(statuses(answers)).toEqual([...Array.from({ length: 9 }, () => 200), 429]);
    expect(valuesOf(answers[0]?.rawHeaders ?? [], 'ratelimit-policy')).toEqual(['"callback";q=9;w=60']);
  });

  it('count tokens that are not valid against the address', async () => {
    const gateway = await startGateway();
    const answers = await times(6, () => gateway.call({ path: '/api/flights/1', token: 'x.y.z' }));
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('hold over several gateways', async () => {
    const [one, two] = await Promise.all([startGateway(), startGateway()]);
    expect(statuses(await times(4, download(one)))).toEqual([200, 200, 200, 200]);
    await expect.poll(sharedCount).toBe(4);
    expect((await download(two)()).status).toBe(200);
    await expect.poll(sharedCount).toBe(5);
    expect((await download(two)()).status).toBe(429);
  });

  it('hold, and the gateway is up and ready, while Redis is away', async () => {
    const gateway = await startGateway({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect((await gateway.call({ path: '/health/ready' })).status).toBe(200);
    expect(statuses(await times(6, download(gateway)))).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('hold while Redis goes and comes back, and what was counted meanwhile is counted there then', async () => {
    const line = new RedisLine(new URL(redis.url));
    await line.mend();
    try {
      const gateway = await startGateway({ REDIS_URL: line.url });
      expect(statuses(await times(2, download(gateway)))).toEqual([200, 200]);
      await expect.poll(sharedCount).toBe(2);
      // What the gateway has not heard that Redis took, it would tell again.
      await expect.poll(() => line.quietMs).toBeGreaterThan(QUIET_MS);
      line.cut();
      expect(statuses(await times(2, download(gateway)))).toEqual([200, 200]);
      expect((await gateway.call({ path: '/health/ready' })).status).toBe(200);
      expect(await sharedCount()).toBe(2);
      await line.mend();
      await expect.poll(sharedCount).toBe(4);
      expect(statuses(await times(2, download(gateway)))).toEqual([200, 429]);
    } finally {
      line.cut();
    }
  });

  it('do not believe what a client says of its address', async () => {
    const gateway = await startGateway();
    let address = 0;
    const call = () => download(gateway, { 'x-forwarded-for': `10.0.0.${(address += 1)}` })();
    expect(statuses(await times(6, call)).at(-1)).toBe(429);
  });

  it('believe a proxy that is trusted, up to the nearest address that is not', async () => {
    const gateway = await startGateway({ TRUST_PROXY: '127.0.0.1,10.0.0.0/8' });
    let forged = 0;
    const call = (client: string) => () =>
      download(gateway, { 'x-forwarded-for': `1.1.1.${(forged += 1)}, ${client}, 10.1.1.1` })();
    expect(statuses(await times(6, call('8.8.8.8')))).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await call('9.9.9.9')()).status).toBe(200);
  });
});
