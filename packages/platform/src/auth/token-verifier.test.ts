import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StubService, TestIssuer } from '@flight-booking/local-stack/testing';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InvalidToken, KeysUnavailable } from './auth.errors.js';
import { TokenVerifier } from './token-verifier.js';

const JWKS = '/api/auth/.well-known/jwks.json';
const NAME = 'flight-booking';

const verifierFor = (authUrl: string, options: { issuer?: string; cacheSize?: number } = {}): TokenVerifier =>
  new TokenVerifier({ jwksUrls: [authUrl + JWKS], issuer: NAME, audience: NAME, ...options });

interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

async function makeKey(id: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
  return {
    id,
    privateKey,
    published: { ...(await exportJWK(publicKey)), alg: 'EdDSA', use: 'sig', kid: id },
  };
}

const CUSTOMER = { sub: '7', role: 'customer', name: 'Asha', email: 'asha@example.com' };

const sign = (
  key: SigningKey,
  claims: Record<string, unknown> = CUSTOMER,
  lifetime = '5m',
): Promise<string> =>
  new SignJWT({ iss: NAME, aud: NAME, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.id })
    .setExpirationTime(lifetime)
    .sign(key.privateKey);

describe('against an issuer', () => {
  const issuer = new TestIssuer();
  let verifier: TokenVerifier;
  beforeAll(() => issuer.start());
  beforeEach(() => void (verifier = verifierFor(issuer.url)));
  afterAll(() => issuer.stop());

  test('a valid token yields its user, and is known from then on without waiting', async () => {
    const token = await issuer.userToken({
      userId: 7,
      role: 'admin',
      name: 'Asha',
      email: 'asha@example.com',
    });
    expect(verifier.peek(token)).toBeUndefined();
    const principal = await verifier.verify(token);
    expect(principal).toEqual({
      kind: 'user',
      userId: 7,
      role: 'admin',
      name: 'Asha',
      email: 'asha@example.com',
    });
    expect(verifier.peek(token)).toBe(principal);
  });

  test('a token of a service yields the service', async () => {
    expect(await verifier.verify(await issuer.serviceToken('depot-service'))).toEqual({
      kind: 'service',
      clientId: 'depot-service',
    });
  });

  test('a token that expires while it is known is refused from then on', async () => {
    const token = await issuer.userToken({ userId: 7, expiresInSeconds: 2 });
    await verifier.verify(token);
    await sleep(2_100);
    expect(verifier.peek(token)).toBeUndefined();
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
  });

  test('expired, meant for others, from elsewhere, unsigned or signed by a stranger: all are refused alike', async () => {
    const user = { userId: 7 };
    const tokens = await Promise.all([
      issuer.expiredToken(user),
      issuer.wrongAudienceToken(user),
      issuer.algNoneToken(user),
      issuer.foreignKeyToken(user),
      issuer.userToken(user).then((token) => `${token.slice(0, -4)}AAAA`),
    ]);
    for (const token of [...tokens, 'a.b.c', ''])
      await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
    const elsewhere = verifierFor(issuer.url, { issuer: 'somebody-else' });
    await expect(elsewhere.verify(await issuer.userToken(user))).rejects.toBeInstanceOf(InvalidToken);
  });

  test('no more verified tokens are kept than there is room for, and those left out still verify', async () => {
    const small = verifierFor(issuer.url, { cacheSize: 2 });
    const tokens = await Promise.all([1, 2, 3].map((userId) => issuer.userToken({ userId })));
    for (const token of tokens) await small.verify(token);
    expect(tokens.map((token) => small.peek(token) !== undefined)).toEqual([false, true, true]);
    expect(await small.verify(tokens[0] as string)).toMatchObject({ userId: 1 });
  });
});

describe('as keys come and go', () => {
  const auth = new StubService();
  let keys: SigningKey[] = [];
  let verifier: TokenVerifier;
  beforeEach(async () => {
    await auth.start();
    keys = [await makeKey('first')];
    auth.on('GET', JWKS, () => ({ body: { keys: keys.map(({ published }) => published) } }));
    verifier = verifierFor(auth.url);
  });
  afterEach(async () => {
    auth.reset();
    await auth.stop();
  });
  const first = (): SigningKey => keys[0] as SigningKey;

  test('the public key does not pass for a shared secret', async () => {
    const key = first();
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1_000) + 300;
    const head = encode({ alg: 'HS256', kid: key.id });
    const unsigned = `${head}.${encode({ ...CUSTOMER, iss: NAME, aud: NAME, exp })}`;
    const raw = Buffer.from(key.published.x as string, 'base64url');
    const signature = createHmac('sha256', raw).update(unsigned).digest('base64url');
    await expect(verifier.verify(`${unsigned}.${signature}`)).rejects.toBeInstanceOf(InvalidToken);
  });

  test.each([
    ['no role', { role: undefined }],
    ['an unknown role', { role: 'root' }],
    ['a subject that is no user', { sub: '0' }],
    ['the subject of a service and the role of a user', { sub: 'service:depot', role: 'admin' }],
    ['the role of a service and the subject of a user', { sub: '7', role: 'service' }],
  ])('a token that is signed well and has %s is refused', async (_name, claims) => {
    const token = await sign(first(), { ...CUSTOMER, ...claims });
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
  });

  test('a token without an expiry is refused', async () => {
    const token = await new SignJWT({ ...CUSTOMER, iss: NAME, aud: NAME })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'first' })
      .sign(first().privateKey);
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
  });

  test('many tokens at once fetch the keys once', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) => sign(first(), { ...CUSTOMER, jti: `${i}` })),
    );
    await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(auth.requests).toHaveLength(1);
  });

  test('a token that names a new key makes the keys be fetched again, and old tokens stay good', async () => {
    const old = await sign(first());
    await verifier.verify(old);
    const next = await makeKey('second');
    keys.push(next);
    // Right after a fetch an unknown key is not asked for, or every forged token would cost one.
    await sleep(2_050);
    expect(await verifier.verify(await sign(next))).toMatchObject({ userId: 7 });
    expect(await verifier.verify(await sign(first(), { ...CUSTOMER, sub: '8' }))).toMatchObject({
      userId: 8,
    });
    expect(auth.requests).toHaveLength(2);
  });

  test('forged tokens that name unknown keys do not make the keys be fetched each time', async () => {
    await verifier.verify(await sign(first()));
    const stranger = await makeKey('stranger');
    for (let i = 0; i < 10; i += 1) {
      await expect(verifier.verify(await sign(stranger))).rejects.toBeInstanceOf(InvalidToken);
    }
    expect(auth.requests).toHaveLength(1);
  });

  test('while the keys cannot be fetched nobody is called a forger, and the first fetch that works heals it', async () => {
    const token = await sign(first());
    auth.failNext(1, 503);
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
    await auth.stop();
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
    await auth.start();
    expect(await verifier.verify(token)).toMatchObject({ userId: 7 });
  });

  test('keys that are no keys, and an auth-service that never answers, are an outage as well', async () => {
    auth.on('GET', JWKS, () => ({ body: { keys: 'none' } }));
    await expect(verifier.verify(await sign(first()))).rejects.toBeInstanceOf(KeysUnavailable);
    auth.on('GET', JWKS, () => ({ body: '<html>', headers: { 'content-type': 'text/html' } }));
    await expect(verifier.verify(await sign(first()))).rejects.toBeInstanceOf(KeysUnavailable);
    auth.hang();
    await expect(verifier.verify(await sign(first()))).rejects.toBeInstanceOf(KeysUnavailable);
  });

  test('once the keys are known, an auth-service that is down stops nobody', async () => {
    await verifier.verify(await sign(first()));
    await auth.stop();
    expect(await verifier.verify(await sign(first(), { ...CUSTOMER, sub: '9' }))).toMatchObject({
      userId: 9,
    });
  });
});
