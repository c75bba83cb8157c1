import { TestIssuer } from '@flight-booking/local-stack/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { TokenVerifier } from '../auth/token-verifier.js';
import { Metrics } from '../metrics/metrics.js';
import { AnswersAtHand } from './answers-at-hand.js';
import { createApp } from './app.js';
import { HttpServer } from './http-server.js';
import { RequestLog } from './request-log.js';
import { defineRoute, reply } from './route.js';

const anything = z.looseObject({});
const base = { method: 'GET', summary: 'For the test', tag: 'Parcels', output: { 200: anything } } as const;
const READY = Buffer.from('{"label":"tea","price":"₹ 12 für zwei 🍵"}');
const LONG = Buffer.from(JSON.stringify({ label: '₹'.repeat(20_000) }));
let ready: Map<string, Buffer>;
let handled: string[];

const parcels = (auth: 'user' | 'public', path: string) =>
  defineRoute({
    ...base,
    auth,
    path,
    operation: path,
    input: { query: anything },
    atHand: (queryString) => ready.get(queryString),
    handler: async ({ queryString }) => {
      handled.push(queryString);
      return reply(200, READY);
    },
  });
const routes = [parcels('user', '/parcels'), parcels('public', '/open')];

const issuer = new TestIssuer();
const lines: Record<string, unknown>[] = [];
const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
const metrics = new Metrics('test');
let server: HttpServer;
let token: string;

beforeAll(async () => {
  await issuer.start();
  const verifier = new TokenVerifier({
    jwksUrls: [`${issuer.url}/api/auth/.well-known/jwks.json`],
    issuer: 'flight-booking',
    audience: 'flight-booking',
  });
  const requestLog = new RequestLog(logger, metrics);
  const app = createApp({ routes, verifier, logger, requestLog });
  const listener = new AnswersAtHand(routes, verifier, requestLog).before(app);
  server = new HttpServer({ app, listener }, { host: '127.0.0.1', port: 0 });
  await server.start();
  token = await issuer.userToken({ userId: 7 });
});
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});
beforeEach(() => {
  ready = new Map([['label=tea', READY]]);
  handled = [];
  lines.length = 0;
});

const ask = (path: string, who: string | undefined = token, method = 'GET') =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: {
      'x-request-id': 'request-of-the-test',
      ...(who !== '' && { authorization: `Bearer ${who}` }),
    },
  });

test('what lies ready is answered as the handler would, header by header, without asking it', async () => {
  const made = await ask('/parcels?label=coffee');
  const given = await ask('/parcels?label=tea');
  expect(await given.text()).toBe(await made.text());
  const headersOf = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name !== 'date'));
  expect(headersOf(given)).toEqual(headersOf(made));
  expect(handled).toEqual(['label=coffee']);
});

test('what lies ready goes out byte by byte, be it short or long', async () => {
  ready.set('long', LONG);
  for (const [query, bytes] of [
    ['label=tea', READY],
    ['long', LONG],
  ] as const) {
    const answer = Buffer.from(await (await ask(`/parcels?${query}`)).arrayBuffer());
    expect(answer.equals(bytes)).toBe(true);
  }
  expect(handled).toEqual([]);
});

test('a request is measured and logged once, whichever way it took', async () => {
  const count = async (): Promise<number> => {
    const line = (await metrics.expose()).text
      .split('\n')
      .find((one) => /^http_request_duration_seconds_count\{.*route="\/parcels",status="200"/.test(one));
    return Number(line?.split(' ').at(-1) ?? 0);
  };
  const before = await count();
  await ask('/parcels?label=coffee');
  await ask('/parcels?label=tea');
  await expect.poll(count).toBe(before + 2);
  const logged = lines.map(({ route, status, msg }) => ({ route, status, msg }));
  expect(logged).toEqual(
    Array.from({ length: 2 }, () => ({ route: '/parcels', status: 200, msg: 'request' })),
  );
});

test('no answer is given to whom the route does not admit, however ready it lies', async () => {
  await ask('/parcels?label=tea');
  const strangers = [
    '',
    'x.y.z',
    await issuer.expiredToken(),
    await issuer.foreignKeyToken(),
    await issuer.wrongAudienceToken(),
  ];
  for (const stranger of strangers) expect((await ask('/parcels?label=tea', stranger)).status).toBe(401);
  const service = await issuer.serviceToken('depot-service');
  // The second time its token is known.
  for (const attempt of [1, 2]) {
    const { status } = await ask('/parcels?label=tea', service);
    expect([attempt, status]).toEqual([attempt, 403]);
  }
  expect((await ask('/open?label=tea', '')).status).toBe(200);
  expect(handled).toEqual([]);
});

test('a token that has expired since it was verified opens nothing', async () => {
  const brief = await issuer.userToken({ userId: 8, expiresInSeconds: 2 });
  expect((await ask('/parcels?label=tea', brief)).status).toBe(200);
  await expect.poll(async () => (await ask('/parcels?label=tea', brief)).status).toBe(401);
});

test('everything else is the app’s: other methods, other paths, and what does not lie ready any more', async () => {
  expect((await ask('/parcels?label=tea', token, 'POST')).status).toBe(405);
  expect((await ask('/parcels?label=tea', token, 'HEAD')).status).toBe(200);
  expect((await ask('/parcel?label=tea')).status).toBe(404);
  ready.clear();
  expect((await ask('/parcels?label=tea')).status).toBe(200);
  expect(handled).toEqual(['label=tea', 'label=tea']);
});

test('only routes can have answers ready whose access is known from the token alone', () => {
  const handler = async () => reply(200, {});
  const refused = [
    defineRoute({ ...base, auth: 'admin', path: '/a', operation: 'a', atHand: () => READY, handler }),
    defineRoute({ ...base, auth: 'user', path: '/a/:id', operation: 'b', atHand: () => READY, handler }),
  ];
  const verifier = new TokenVerifier({ jwksUrls: [issuer.url], issuer: 'a', audience: 'b' });
  for (const route of refused)
    expect(() => new AnswersAtHand([route], verifier, new RequestLog(logger, metrics))).toThrow(
      /cannot lie ready/,
    );
});
