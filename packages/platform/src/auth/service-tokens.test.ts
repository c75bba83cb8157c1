import { setTimeout as sleep } from 'node:timers/promises';
import { StubService } from '@flight-booking/local-stack/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UpstreamUnavailable } from '../client/upstream.errors.js';
import { ServiceTokens } from './service-tokens.js';

const auth = new StubService();
let tokens: ServiceTokens;
let issued: number;

/** Grants `token-1`, `token-2` and so on. */
function grant(expiresInSeconds: number): void {
  auth.on('POST', '/internal/token', () => {
    issued += 1;
    return { body: { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: expiresInSeconds } };
  });
}

beforeEach(async () => {
  await auth.start();
  issued = 0;
  grant(900);
  tokens = new ServiceTokens({ authUrls: [auth.url], clientId: 'depot-service', clientSecret: 'a secret' });
});
afterEach(async () => {
  auth.reset();
  await auth.stop();
});

test('the token is asked for with the client’s credentials', async () => {
  expect(await tokens.token()).toBe('token-1');
  expect(auth.requests[0]?.body).toEqual({
    grant_type: 'client_credentials',
    client_id: 'depot-service',
    client_secret: 'a secret',
  });
});

test('many callers at once, and all that come later, share one token', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.token()));
  expect(new Set([...all, await tokens.token()])).toEqual(new Set(['token-1']));
  expect(auth.requests).toHaveLength(1);
});

test('a token is renewed before it expires', async () => {
  grant(1);
  await tokens.token();
  await sleep(850);
  expect(await tokens.token()).toBe('token-2');
});

test('a token that cannot be renewed is used until it expires, without asking for another at every call', async () => {
  grant(2);
  await tokens.token();
  auth.failNext(100);
  await sleep(1_650);
  const all = [await tokens.token(), await tokens.token(), await tokens.token()];
  expect(all).toEqual(['token-1', 'token-1', 'token-1']);
  expect(auth.requests).toHaveLength(2);
});

test('a token that has expired and cannot be renewed is an outage', async () => {
  grant(1);
  await tokens.token();
  await auth.stop();
  await sleep(1_050);
  await expect(tokens.token()).rejects.toBeInstanceOf(UpstreamUnavailable);
});

test('a token that was refused is dropped, unless a newer one has taken its place', async () => {
  const first = await tokens.token();
  tokens.forget(first);
  const second = await tokens.token();
  expect(second).toBe('token-2');
  tokens.forget(first);
  expect(await tokens.token()).toBe(second);
});

test.each([
  ['a refusal', 401, { type: 'invalid-client', title: 'Unknown client', status: 401, request_id: 'r' }],
  ['an answer without a token', 200, { token_type: 'Bearer' }],
  ['an answer that is not JSON', 200, '<html>'],
])('%s is an outage, and the next call tries again', async (_name, status, body) => {
  auth.on('POST', '/internal/token', () => ({ status, body }));
  await expect(tokens.token()).rejects.toBeInstanceOf(UpstreamUnavailable);
  grant(900);
  expect(await tokens.token()).toBe('token-1');
});

test('an auth-service that never answers is an outage after two seconds', async () => {
  auth.hang();
  const begunAt = Date.now();
  await expect(tokens.token()).rejects.toBeInstanceOf(UpstreamUnavailable);
  expect(Date.now() - begunAt).toBeLessThan(3_000);
});
