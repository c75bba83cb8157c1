import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunningGateway, type Answer } from './testing/running-gateway.js';

const gateway = new RunningGateway();
const ORIGIN = 'https://app.example.com';
let token: string;
let forwarded: string[] = [];

beforeAll(async () => {
  await gateway.start({
    CORS_ORIGINS: ORIGIN,
    RATE_LIMIT_PER_ADDRESS: '100000',
    RATE_LIMIT_AUTH_PER_ADDRESS: '1000',
  });
  token = await gateway.issuer.userToken({ userId: 10 });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  forwarded = [];
  for (const upstream of [gateway.flights, gateway.others]) {
    upstream.listener = (request, response) => {
      forwarded.push(`${request.method} ${request.url}`);
      response.end('forwarded');
    };
  }
});

const expectProblem = ({ status, headers, body }: Answer, expected: number, type: string): void => {
  expect({ status, type: body?.type }).toEqual({ status: expected, type });
  expect(headers['content-type']).toBe('application/problem+json');
  expect(body).toMatchObject({ status: expected, request_id: headers['x-request-id'] });
  expect(forwarded).toEqual([]);
};

describe('what belongs to the platform alone', () => {
  it.each([
    '/internal/token',
    '/internal/flights?ids=1',
    '/internal',
    '/health',
    '/',
    '/api',
    '/api/',
    '/api/other',
    '/api/authx/login',
  ])('is not found at %s, with a token or without', async (path) => {
    expectProblem(await gateway.call({ path }), 404, 'route-not-found');
    expectProblem(await gateway.call({ path, token }), 404, 'route-not-found');
  });

  it.each([
    '/api/flights/../internal/flights',
    '/api/flights/./1',
    '/api/flights/..',
    '/api/flights/..%2finternal',
    '/api/flights/%2e%2e/internal',
    '/api/flights/%2E%2E/internal',
    '/api/flights/.%2e/internal',
    '/api/flights%2f..%2f..%2finternal',
    '/api/flights/%5c..%5cinternal',
    '/api/flights\\..\\internal',
    '//internal/flights',
    '/api//internal/flights',
    '/api/flights//internal',
    '/api/flights/1%00',
    '/internal/../internal/flights',
    'http://127.0.0.1/internal/flights',
    '*',
  ])('cannot be reached as %j', async (path) => {
    expectProblem(await gateway.call({ path, token }), 400, 'ambiguous-path');
  });

  it('does not show what the services tell about themselves, but what the gateway does', async () => {
    const ready = await gateway.call({ path: '/health/ready' });
    expect(ready).toMatchObject({ status: 200, body: { status: 'degraded', checks: { redis: 'down' } } });
    expect((await gateway.call({ path: '/metrics' })).bytes.toString()).toContain('service="api-gateway"');
    expectProblem(await gateway.call({ path: '/api/flights/health/ready', token }), 404, 'route-not-found');
    expect(forwarded).toEqual([]);
  });
});

it('measures each request by route and exact status, as the services do', async () => {
  await gateway.call({ path: '/api/flights/1', token });
  await gateway.call({ path: '/api/flights/nothing/here' });
  const statusesCounted = async (): Promise<(string | undefined)[]> =>
    (await gateway.call({ path: '/metrics' })).bytes
      .toString()
      .split('\n')
      .filter((line) => /^http_request_duration_seconds_count\{.*route="\/api\/flights"/.test(line))
      .map((line) => /status="(\d+)"/.exec(line)?.[1]);
  await expect.poll(statusesCounted).toEqual(expect.arrayContaining(['200', '404']));
});

describe('who may pass', () => {
  const GUARDED = [
    ['GET', '/api/flights/search?source=DEL'],
    ['GET', '/api/flights/1'],
    ['POST', '/api/flights/1'],
    ['POST', '/api/seats/lock'],
    ['GET', '/api/tickets/1'],
    ['HEAD', '/api/tickets/1'],
    ['GET', '/api/airports?q=del'],
  ] as const;
  const PUBLIC = [['GET', '/api/tickets/1.pdf']] as const;

  it.each(GUARDED)('%s %s needs a token that is valid', async (method, path) => {
    const { issuer } = gateway;
    const bad = await Promise.all([
      issuer.expiredToken(),
      issuer.wrongAudienceToken(),
      issuer.algNoneToken(),
      issuer.foreignKeyToken(),
    ]);
    const none = await gateway.call({ method, path });
    expect(none.status).toBe(401);
    expect(none.headers['www-authenticate']).toBe('Bearer');
    if (method !== 'HEAD') expectProblem(none, 401, 'missing-token');
    for (const wrong of [...bad, 'x.y.z']) {
      const refused = await gateway.call({ method, path, token: wrong });
      expect(refused.status).toBe(401);
      if (method !== 'HEAD') expectProblem(refused, 401, 'invalid-token');
    }
    expect(forwarded).toEqual([]);
    expect((await gateway.call({ method, path, token })).status).toBe(200);
    expect(forwarded).toEqual([`${method} ${path}`]);
  });

  it.each(PUBLIC)('%s %s needs none, and does not look at a bad one', async (method, path) => {
    expect((await gateway.call({ method, path })).status).toBe(200);
    expect((await gateway.call({ method, path, token: 'x.y.z' })).status).toBe(200);
    expect(forwarded).toEqual([`${method} ${path}`, `${method} ${path}`]);
  });

  it('forwards the keys that tokens are verified with', async () => {
    const { body } = await gateway.call({ path: '/api/auth/.well-known/jwks.json' });
    expect(body.keys).toHaveLength(1);
  });

  it.each([
    ['GET', '/api/flights', 404],
    ['GET', '/api/flights/1/2', 404],
    ['GET', '/api/tickets/1/x.pdf', 404],
    ['DELETE', '/api/flights/1', 405],
    ['OPTIONS', '/api/flights/1', 405],
    ['GET', '/api/seats/lock', 405],
  ])('%s %s is answered from the document with %i, without a token too', async (method, path, status) => {
    const answer = await gateway.call({ method, path });
    expectProblem(answer, status, status === 404 ? 'route-not-found' : 'method-not-allowed');
    if (status === 405) expect(answer.headers.allow).toMatch(/^(GET|POST)(, (GET|POST))*$/);
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string, path = '/api/seats/lock') =>
    gateway.call({
      method: 'OPTIONS',
      path,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });

  it('may ask first, when they are known', async () => {
    const { status, headers } = await preflight(ORIGIN);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(headers['access-control-allow-methods']).toContain('POST');
    expect(headers['access-control-allow-headers']).toMatch(/^authorization,.* idempotency-key,/);
    expect(forwarded).toEqual([]);
  });

  it('may read the answers, problems too, when they are known', async () => {
    for (const answer of [
      await gateway.call({ path: '/api/flights/1', token, headers: { origin: ORIGIN } }),
      await gateway.call({ path: '/api/flights/1', headers: { origin: ORIGIN } }),
    ]) {
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: 'Origin' });
      expect(answer.headers['access-control-expose-headers']).toMatch(/^x-request-id, idempotency-replayed,/);
    }
  });

  it('are told nothing when they are not', async () => {
    const refused = await preflight('https://evil.example');
    expect(refused.status).toBe(405);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    const read = await gateway.call({
      path: '/api/flights/1',
      token,
      headers: { origin: 'https://evil.example' },
    });
    expect(read.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('odd clients', () => {
  it('get an answer to bytes that are not HTTP, and the next one is served', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.end('nonsense\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect((await gateway.call({ path: '/api/flights/1', token })).status).toBe(200);
  });

  it('may ask to upgrade or to continue, and are answered plainly', async () => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
    expect((await gateway.call({ path: '/api/flights/1', token, headers: upgrade })).status).toBe(200);
    const expecting = {
      method: 'POST',
      path: '/api/flights/1',
      token,
      headers: { expect: '100-continue' },
      body: 'x',
    };
    expect((await gateway.call(expecting)).status).toBe(200);
  });
});
