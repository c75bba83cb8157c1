import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestIssuer } from './index.js';

const issuer = new TestIssuer();

beforeAll(() => issuer.start());
afterAll(() => issuer.stop());

function verify(token: string) {
  const keys = createRemoteJWKSet(new URL(`${issuer.url}/api/auth/.well-known/jwks.json`));
  return jwtVerify(token, keys, {
    issuer: 'flight-booking',
    audience: 'flight-booking',
    algorithms: ['EdDSA'],
  });
}

test('a user token verifies against the published key and carries the user', async () => {
  const token = await issuer.userToken({
    userId: 10,
    role: 'admin',
    name: 'Asha',
    email: 'asha@example.com',
  });
  const { payload, protectedHeader } = await verify(token);
  expect(payload).toMatchObject({ sub: '10', role: 'admin', name: 'Asha', email: 'asha@example.com' });
  expect(payload.exp! - payload.iat!).toBe(900);
  expect(payload.jti).toBeTypeOf('string');
  expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: 'test-key' });
});

test.each([
  ['basic authentication', { authorization: `Basic ${btoa('seat-service:secret')}` }, undefined],
  ['a form', {}, new URLSearchParams({ grant_type: 'client_credentials', client_id: 'seat-service' })],
  ['JSON', { 'content-type': 'application/json' }, JSON.stringify({ client_id: 'seat-service' })],
])('a service gets a token for its client id from %s', async (_way, headers, body) => {
  const init = body === undefined ? { method: 'POST', headers } : { method: 'POST', headers, body };
  const response = await fetch(`${issuer.url}/internal/token`, init);
  const granted = (await response.json()) as { access_token: string; token_type: string; expires_in: number };
  expect(granted).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
  const { payload } = await verify(granted.access_token);
  expect(payload).toMatchObject({ sub: 'service:seat-service', role: 'service' });
});

test('each broken token is refused for its own reason', async () => {
  await expect(verify(await issuer.expiredToken())).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  await expect(verify(await issuer.wrongAudienceToken())).rejects.toMatchObject({ claim: 'aud' });
  await expect(verify(await issuer.foreignKeyToken())).rejects.toThrow(/signature/);
  const unsigned = await issuer.algNoneToken();
  expect(decodeProtectedHeader(unsigned).alg).toBe('none');
  await expect(verify(unsigned)).rejects.toThrow();
});
