import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { StubService, TestIssuer } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ServiceTokens } from '../auth/service-tokens.js';
import { runInContext } from '../context/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import { ServiceClient } from './service-client.js';
import {
  DeadlineExceeded,
  UnexpectedAnswer,
  UpstreamProblem,
  UpstreamTimeout,
  UpstreamUnavailable,
} from './upstream.errors.js';

const issuer = new TestIssuer();
const depot = new StubService();
const clients: ServiceClient[] = [];
let metrics: Metrics;
let client: ServiceClient;

const answer = z.object({ parcel: z.int() });
const get = { method: 'GET', path: '/parcels/1', answer } as const;
const post = { method: 'POST', path: '/parcels', body: { weight: 1 }, answer } as const;
const refusal = { type: 'parcel-lost', title: 'It is lost', status: 409, request_id: 'r', parcels: [1] };

function clientOf(baseUrl: string | readonly string[], authUrl = issuer.url): ServiceClient {
  const tokens = new ServiceTokens({
    authUrls: [authUrl],
    clientId: 'depot-service',
    clientSecret: 'secret',
  });
  const made = new ServiceClient({ upstream: 'depot', addresses: [baseUrl].flat() }, tokens, metrics);
  clients.push(made);
  return made;
}

/** Answers every route alike. */
function answerAll(status: number, body: unknown): void {
  for (const [method, path] of [
    ['GET', '/parcels/1'],
    ['POST', '/parcels'],
  ] as const) {
    depot.on(method, path, () => ({ status, body }));
  }
}

const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

beforeAll(() => issuer.start());
afterAll(() => issuer.stop());
beforeEach(async () => {
  await depot.start();
  answerAll(200, { parcel: 1 });
  metrics = new Metrics('test');
  client = clientOf(depot.url);
});
afterEach(async () => {
  for (const made of clients.splice(0)) await made.stop();
  depot.reset();
  await depot.stop();
});

test('a good answer is parsed, and the call carries the service’s token and the request’s context', async () => {
  const context = { requestId: 'request-1', traceId: 'c'.repeat(32), deadlineAt: Date.now() + 3_000 };
  expect(await runInContext(context, () => client.call(post))).toEqual({ parcel: 1 });
  const { headers, body } = depot.requests[0] ?? {};
  expect(body).toEqual({ weight: 1 });
  expect(headers).toMatchObject({ 'x-request-id': 'request-1', 'content-type': 'application/json' });
  expect(headers?.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  expect(headers?.traceparent).toMatch(new RegExp(`^00-${context.traceId}-[\\da-f]{16}-01$`));
  expect(Number(headers?.['x-deadline-ms'])).toBeGreaterThan(2_000);
  expect(Number(headers?.['x-deadline-ms'])).toBeLessThanOrEqual(3_000);
});

test('an empty answer is undefined', async () => {
  depot.on('DELETE', '/parcels/1', () => ({ status: 204 }));
  expect(await client.call({ method: 'DELETE', path: '/parcels/1', answer: z.undefined() })).toBeUndefined();
});

test('an idempotent call is tried three times', async () => {
  depot.failNext(2);
  expect(await client.call(get)).toEqual({ parcel: 1 });
  depot.failNext(3);
  expect(await failureOf(client.call(get))).toBeInstanceOf(UpstreamUnavailable);
  expect(depot.requests).toHaveLength(6);
});

test('the pauses between tries grow and stay short', async () => {
  depot.failNext(3);
  const begunAt = Date.now();
  await failureOf(client.call(get));
  expect(Date.now() - begunAt).toBeLessThan(3_000);
});

test('a call that is not idempotent is sent once, and one that says it is, is sent again', async () => {
  depot.failNext(1);
  expect(await failureOf(client.call(post))).toBeInstanceOf(UpstreamUnavailable);
  expect(depot.requests).toHaveLength(1);
  depot.failNext(1);
  expect(await client.call({ ...post, idempotent: true })).toEqual({ parcel: 1 });
});

test('a refusal is told as it is, without another try', async () => {
  answerAll(409, refusal);
  const error = await failureOf(client.call(get));
  expect(error).toBeInstanceOf(UpstreamProblem);
  expect(error).toMatchObject({ status: 409, slug: 'parcel-lost', problem: { parcels: [1] } });
  expect(depot.requests).toHaveLength(1);
});

test('a token that is refused is replaced and the call sent once more, whatever its method', async () => {
  let first: string | undefined;
  depot.on('POST', '/parcels', ({ headers }) => {
    first ??= headers.authorization;
    return headers.authorization === first
      ? { status: 401, body: { ...refusal, status: 401 } }
      : { body: { parcel: 2 } };
  });
  expect(await client.call(post)).toEqual({ parcel: 2 });
  expect(depot.requests).toHaveLength(2);
  expect(await client.call(post)).toEqual({ parcel: 2 });
  expect(depot.requests).toHaveLength(3);
});

test('a service that refuses every token is asked twice and no more', async () => {
  answerAll(401, { ...refusal, status: 401 });
  expect(await failureOf(client.call(get))).toMatchObject({ status: 401 });
  expect(depot.requests).toHaveLength(2);
});

test.each([
  ['an answer of another shape', 200, { parcel: 'one' }],
  ['an empty answer where one is expected', 200, undefined],
  ['a refusal that is no problem document', 404, { error: 'not found' }],
])('%s is unexpected, and not asked for again', async (_name, status, body) => {
  answerAll(status, body);
  const error = await failureOf(client.call(get));
  expect(error).toBeInstanceOf(UnexpectedAnswer);
  expect(error).toBeInstanceOf(UpstreamUnavailable);
  expect((error as Error).cause).toBeInstanceOf(z.ZodError);
  expect(depot.requests).toHaveLength(1);
});

test.each([200, 404, 502])('a page of HTML with status %i is an outage', async (status) => {
  answerAll(status, '<html>Bad gateway</html>');
  expect(await failureOf(client.call(post))).toBeInstanceOf(UpstreamUnavailable);
});

test('a call that takes longer than its timeout ends as a timeout', async () => {
  depot.hang();
  const begunAt = Date.now();
  const error = await failureOf(client.call({ ...post, timeoutMs: 100 }));
  expect(error).toBeInstanceOf(UpstreamTimeout);
  expect(Date.now() - begunAt).toBeLessThan(1_000);
});

test('a call ends with the deadline of the request that it is made for, without another try', async () => {
  depot.hang();
  const context = { requestId: 'r', traceId: 't', deadlineAt: Date.now() + 150 };
  const begunAt = Date.now();
  expect(await failureOf(runInContext(context, () => client.call(get)))).toBeInstanceOf(UpstreamTimeout);
  expect(Date.now() - begunAt).toBeLessThan(1_000);
  expect(depot.requests).toHaveLength(1);
});

test('a call whose deadline has passed is not sent at all', async () => {
  const context = { requestId: 'r', traceId: 't', deadlineAt: Date.now() - 1 };
  expect(await failureOf(runInContext(context, () => client.call(post)))).toBeInstanceOf(DeadlineExceeded);
  expect(depot.requests).toHaveLength(0);
});

test('callers in a great hurry do not open the circuit for those with time', async () => {
  depot.hang();
  for (let i = 0; i < 10; i += 1) {
    const context = { requestId: 'r', traceId: 't', deadlineAt: Date.now() + 5 };
    await failureOf(runInContext(context, () => client.call(post)));
  }
  depot.resume();
  expect(await client.call(post)).toEqual({ parcel: 1 });
});

test('after eight outages in a row the service is left alone for a second, and then tried again', async () => {
  depot.failNext(8);
  for (let i = 0; i < 8; i += 1) await failureOf(client.call(post));
  const error = await failureOf(client.call(post));
  expect(error).toBeInstanceOf(UpstreamUnavailable);
  expect(depot.requests).toHaveLength(8);
  await sleep(1_050);
  expect(await client.call(post)).toEqual({ parcel: 1 });
});

test('refusals prove that the service works: they end a row of outages', async () => {
  for (let round = 0; round < 3; round += 1) {
    depot.failNext(6);
    for (let i = 0; i < 6; i += 1) await failureOf(client.call(post));
    answerAll(409, refusal);
    expect(await failureOf(client.call(post))).toBeInstanceOf(UpstreamProblem);
  }
});

test('an outage of auth-service is told as such and does not open the circuit of the service', async () => {
  const auth = new StubService();
  await auth.start();
  const own = clientOf(depot.url, auth.url);
  for (let i = 0; i < 10; i += 1) {
    expect(await failureOf(own.call(post))).toMatchObject({ upstream: 'auth' });
  }
  auth.on('POST', '/internal/token', () => ({ body: { access_token: 'good', expires_in: 60 } }));
  expect(await own.call(post)).toEqual({ parcel: 1 });
  await auth.stop();
});

test('a service that is down, and one that hangs up in the middle of its answer, are outages', async () => {
  await depot.stop();
  expect(await failureOf(client.call(post))).toBeInstanceOf(UpstreamUnavailable);
  const torn = await tornServer();
  const { port } = torn.address() as AddressInfo;
  expect(await failureOf(clientOf(`http://127.0.0.1:${port}`).call(post))).toBeInstanceOf(
    UpstreamUnavailable,
  );
  torn.close();
});

async function tornServer(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"parcel":',
      );
      setTimeout(() => socket.destroy(), 20);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('a service that comes back on its address is reached again', async () => {
  await client.call(post);
  await depot.stop();
  await failureOf(client.call(post));
  await depot.start();
  expect(await client.call({ ...post, idempotent: true })).toEqual({ parcel: 1 });
});

test('every call is measured by its outcome', async () => {
  await client.call(post);
  depot.failNext(1);
  await failureOf(client.call(post));
  answerAll(409, refusal);
  await failureOf(client.call(post));
  const { text } = await metrics.expose();
  for (const outcome of ['ok', 'failed', 'refused']) {
    expect(text).toMatch(
      new RegExp(`upstream_request_duration_seconds_count{[^}]*outcome="${outcome}"[^}]*} 1`),
    );
  }
});

test('a client may be stopped twice, and calls nobody after that', async () => {
  await client.stop();
  await client.stop();
  expect(await failureOf(client.call(post))).toBeInstanceOf(UpstreamUnavailable);
});

/** An address of this machine that nothing listens at any more. */
async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

test('the copies of a service are called in turn', async () => {
  const other = new StubService();
  await other.start();
  other.on('POST', '/parcels', () => ({ status: 200, body: { parcel: 2 } }));
  const both = clientOf([depot.url, other.url]);
  const answers = [
    await both.call(post),
    await both.call(post),
    await both.call(post),
    await both.call(post),
  ];
  await other.stop();
  expect(answers.map(({ parcel }) => parcel).toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2]);
});

test('a copy that is away costs no call, not even one that must not be sent twice', async () => {
  const both = clientOf([await deadAddress(), depot.url]);
  for (let call = 0; call < 6; call += 1) expect(await both.call(post)).toEqual({ parcel: 1 });
  expect(depot.requests).toHaveLength(6);
});

test('when every copy is away the call fails', async () => {
  const none = clientOf([await deadAddress(), await deadAddress()]);
  expect(await failureOf(none.call(post))).toBeInstanceOf(UpstreamUnavailable);
});
