import { createPublicKey, sign, verify } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { expect, test } from 'vitest';
import { deriveSigningKey } from './signing-key.js';

test('the same secret gives the same key, another secret another', () => {
  const key = deriveSigningKey('one secret');
  expect(deriveSigningKey('one secret').publicJwk).toEqual(key.publicJwk);
  expect(deriveSigningKey('one secret.').publicJwk.x).not.toBe(key.publicJwk.x);
});

test('the derivation never changes, for tokens must outlive an upgrade', () => {
  expect(deriveSigningKey('one secret').publicJwk.x).toMatchInlineSnapshot(
    `"UdxYKcfqsE0_z6sirHzLj9Yp4q3v4xSQxVWcQanMO-k"`,
  );
});

test('the key signs, and its id is its thumbprint', async () => {
  const { privateKey, publicJwk } = deriveSigningKey('one secret');
  const message = Buffer.from('message');
  const publicKey = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  expect(verify(null, message, publicKey, sign(null, message, privateKey))).toBe(true);
  expect(publicJwk.kid).toBe(await calculateJwkThumbprint({ ...publicJwk }));
});
