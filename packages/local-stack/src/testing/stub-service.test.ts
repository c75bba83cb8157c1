import { afterEach, beforeEach, expect, test } from 'vitest';
import { StubService } from './index.js';

let stub: StubService;

beforeEach(async () => {
  stub = new StubService();
  await stub.start();
});
afterEach(() => stub.stop());

test('a described route answers with what the handler returns, and the request is recorded', async () => {
  stub.on('POST', '/internal/flights/:id/seats', ({ params, query, body }) => ({
    status: 201,
    body: { flight: params['id'], cabin: query['cabin'], body },
  }));
  const response = await fetch(`${stub.url}/internal/flights/7/seats?cabin=economy`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'r1' },
    body: JSON.stringify({ seats: ['12A'] }),
  });
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ flight: '7', cabin: 'economy', body: { seats: ['12A'] } });
  expect(stub.requests).toMatchObject([
    { path: '/internal/flights/7/seats', headers: { 'x-request-id': 'r1' } },
  ]);
});

test('an undescribed route is a 404 problem', async () => {
  const response = await fetch(`${stub.url}/nowhere`);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

test('a problem has every member that the services’ own problems have', async () => {
  stub.failNext(1, 503);
  for (const status of [503, 404]) {
    const response = await fetch(`${stub.url}/nowhere`);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: expect.any(String),
      request_id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  }
});

test('the next requests fail as told and the one after succeeds', async () => {
  stub.on('GET', '/ok', () => ({ body: { fine: true } }));
  stub.failNext(2, 503);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await fetch(`${stub.url}/ok`)).status);
  expect(statuses).toEqual([503, 503, 200]);
});

test('a hanging stub never answers and can still be stopped', async () => {
  stub.hang();
  const answer = fetch(`${stub.url}/ok`, { signal: AbortSignal.timeout(100) });
  await expect(answer).rejects.toThrow(/timeout/);
  expect(stub.requests).toHaveLength(1);
});

test('a stopped stub refuses connections and comes back on the same port', async () => {
  const { url } = stub;
  await stub.stop();
  await expect(fetch(url)).rejects.toThrow();
  await stub.start();
  expect(stub.url).toBe(url);
  expect((await fetch(url)).status).toBe(404);
});
