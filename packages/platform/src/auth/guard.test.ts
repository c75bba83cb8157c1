import { TestIssuer } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidToken, MissingToken, NotAllowed, UserMismatch } from './auth.errors.js';
import { admit, bearerToken, type Admission } from './guard.js';
import { actingUser, type UserPrincipal } from './principal.js';
import { TokenVerifier } from './token-verifier.js';

const issuer = new TestIssuer();
let verifier: TokenVerifier;
let tokens: Record<'customer' | 'admin' | 'service', string>;

beforeAll(async () => {
  await issuer.start();
  const jwksUrls = [`${issuer.url}/api/auth/.well-known/jwks.json`];
  verifier = new TokenVerifier({ jwksUrls, issuer: 'flight-booking', audience: 'flight-booking' });
  tokens = {
    customer: await issuer.userToken({ userId: 7 }),
    admin: await issuer.userToken({ userId: 1, role: 'admin' }),
    service: await issuer.serviceToken('depot-service'),
  };
});
afterAll(() => issuer.stop());

const ADMITTED: [Admission, (keyof typeof tokens)[]][] = [
  [{ auth: 'user' }, ['customer', 'admin']],
  [{ auth: 'admin' }, ['admin']],
  [{ auth: 'service', callers: ['shop-service', 'depot-service'] }, ['service']],
  [{ auth: 'service', callers: ['shop-service'] }, []],
  [{ auth: 'service', callers: [] }, []],
  [{ auth: 'service' }, []],
];

test.each(ADMITTED)('a route that says %j admits %j and nobody else', async (route, admitted) => {
  for (const [who, token] of Object.entries(tokens)) {
    const attempt = admit(route, `Bearer ${token}`, verifier);
    if (admitted.includes(who as keyof typeof tokens)) expect(await attempt).toBeDefined();
    else await expect(attempt).rejects.toBeInstanceOf(NotAllowed);
  }
});

test('public routes ask for nothing and do not even look at a token', async () => {
  expect(await admit({ auth: 'public' }, undefined, verifier)).toBeUndefined();
  expect(await admit({ auth: 'public' }, 'Bearer a.b.c', verifier)).toBeUndefined();
});

test('no token and a bad token are told apart', async () => {
  await expect(admit({ auth: 'user' }, undefined, verifier)).rejects.toBeInstanceOf(MissingToken);
  await expect(admit({ auth: 'user' }, 'Bearer a.b.c', verifier)).rejects.toBeInstanceOf(InvalidToken);
});

test('the scheme is taken in any case, and everything that is not one bearer token is none', () => {
  expect(bearerToken('bearer a.b.c')).toBe('a.b.c');
  for (const header of [
    '',
    'Basic a.b.c',
    'Bearer',
    'Bearer a.b',
    'Bearer a.b.c d',
    'Bearer a.b.c.d',
    'Bearer a.b.c,',
  ]) {
    expect(bearerToken(header)).toBeUndefined();
  }
  expect(bearerToken(`Bearer a.${'b'.repeat(5_000)}.c`)).toBeUndefined();
});

test('a request acts for the token’s own user, whether it says so or not, and for no other', async () => {
  const principal = (await admit({ auth: 'user' }, `Bearer ${tokens.customer}`, verifier)) as UserPrincipal;
  expect(actingUser(principal, undefined)).toBe(7);
  expect(actingUser(principal, 7)).toBe(7);
  expect(() => actingUser(principal, 8)).toThrow(UserMismatch);
});
