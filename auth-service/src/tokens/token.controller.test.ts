import { createPublicKey } from 'node:crypto';
import {
  SignJWT,
  UnsecuredJWT,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuthServiceUnderTest, SECRETS, sendTo } from '../testing/auth-service-under-test.js';
import { deriveSigningKey } from './signing-key.js';

let auth: AuthServiceUnderTest;
const key = deriveSigningKey(SECRETS.JWT_SECRET);

beforeAll(async () => {
  auth = await AuthServiceUnderTest.start();
});
afterAll(() => auth.stop());

const me = (token?: string) => auth.send('GET', '/api/auth/me', undefined, token);

describe('the key set', () => {
  test('is public and verifies tokens, and tells nothing of the private key', async () => {
    const { status, body, headers } = await auth.send('GET', '/api/auth/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('max-age');
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    const { token, userId, email } = await auth.signUp();
    const { payload, protectedHeader } = await jwtVerify(
      token,
      await importJWK(body.keys[0] as JWK, 'EdDSA'),
      {
        algorithms: ['EdDSA'],
        issuer: 'flight-booking',
        audience: 'flight-booking',
      },
    );
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: body.keys[0].kid });
    expect(payload).toMatchObject({
      sub: String(userId),
      role: 'customer',
      name: 'Asha Rao',
      email,
      jti: expect.any(String),
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
  });
});

describe('one’s own account', () => {
  const claims = { role: 'admin', name: 'Forger', email: 'forger@example.com' };
  const audience = 'flight-booking';
  const prepare = (
    jwt: SignJWT,
    alg: string,
    header: JWTHeaderParameters = { alg, kid: key.publicJwk.kid },
  ) =>
    jwt
      .setProtectedHeader({ ...header, alg })
      .setIssuer('flight-booking')
      .setAudience(audience)
      .setSubject('1')
      .setExpirationTime('15m');

  test('is shown for a token made by hand with the right key, so that the refusals below mean something', async () => {
    const { userId } = await auth.signUp();
    const token = await prepare(new SignJWT(claims), 'EdDSA').setSubject(String(userId)).sign(key.privateKey);
    expect((await me(token)).status).toBe(200);
  });

  test('is refused without a token, and to one that is none', async () => {
    expect((await me()).body.type).toBe('missing-token');
    expect((await me('a.b.c')).status).toBe(401);
    expect((await me(`${'x'.repeat(5_000)}.y.z`)).status).toBe(401);
  });

  test('is refused to a token without a signature', async () => {
    const token = new UnsecuredJWT({ ...claims, sub: '1' })
      .setIssuer('flight-booking')
      .setAudience(audience)
      .setExpirationTime('15m')
      .encode();
    expect((await me(token)).status).toBe(401);
  });

  test('is refused to a token signed by HS256 with the public key in every form it has', async () => {
    const { x } = key.publicJwk;
    const publicKey = createPublicKey(key.privateKey);
    const forms = [
      Buffer.from(x, 'base64url'),
      Buffer.from(x),
      Buffer.from(publicKey.export({ format: 'pem', type: 'spki' })),
      publicKey.export({ format: 'der', type: 'spki' }),
      Buffer.from(JSON.stringify(key.publicJwk)),
    ];
    for (const form of forms) {
      expect((await me(await prepare(new SignJWT(claims), 'HS256').sign(form))).status).toBe(401);
    }
  });

  test('is refused to a token for another audience, of another issuer, or that has expired', async () => {
    const sign = (jwt: SignJWT) => jwt.sign(key.privateKey);
    expect((await me(await sign(prepare(new SignJWT(claims), 'EdDSA').setAudience('others')))).status).toBe(
      401,
    );
    expect((await me(await sign(prepare(new SignJWT(claims), 'EdDSA').setIssuer('others')))).status).toBe(
      401,
    );
    const expired = prepare(new SignJWT(claims), 'EdDSA').setExpirationTime('-1 minute');
    expect((await me(await sign(expired))).status).toBe(401);
  });

  test('is refused to a token signed with a key of somebody else', async () => {
    const { privateKey } = await generateKeyPair('Ed25519');
    expect((await me(await prepare(new SignJWT(claims), 'EdDSA').sign(privateKey))).status).toBe(401);
  });

  test('is refused to a token that begins later, has no subject, or names a key that nobody has', async () => {
    const { userId } = await auth.signUp();
    const forged = [
      prepare(new SignJWT(claims), 'EdDSA').setSubject(String(userId)).setNotBefore('5 minutes'),
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', kid: key.publicJwk.kid })
        .setIssuer('flight-booking')
        .setAudience(audience)
        .setExpirationTime('15m'),
      prepare(new SignJWT(claims), 'EdDSA', { alg: 'EdDSA', kid: 'a-key-that-nobody-has' }).setSubject(
        String(userId),
      ),
    ];
    for (const token of forged) {
      const { status, body } = await me(await token.sign(key.privateKey));
      expect([status, body.type]).toEqual([401, 'invalid-token']);
    }
  });

  test('is refused to a token that says itself by which key it is to be verified', async () => {
    const { userId } = await auth.signUp();
    const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [{ jwk }, { jku: 'https://forger.example/keys' }, { jwk, kid: key.publicJwk.kid }]) {
      const forged = prepare(new SignJWT(claims), 'EdDSA', { alg: 'EdDSA', ...header });
      expect((await me(await forged.setSubject(String(userId)).sign(privateKey))).status).toBe(401);
    }
  });

  test('is refused to a service, and to a user who does not exist any more', async () => {
    const { body } = await serviceToken({});
    expect((await me(body.access_token)).status).toBe(403);
    const nobody = await prepare(new SignJWT({ ...claims, role: 'customer' }), 'EdDSA')
      .setSubject('999999999')
      .sign(key.privateKey);
    expect((await me(nobody)).status).toBe(401);
  });

  test('is refused when the token has run out', async () => {
    const replica = await auth.startReplica({ ACCESS_TOKEN_TTL_SECONDS: '1' });
    const { email } = await auth.signUp();
    const { body } = await sendTo(replica, 'POST', '/api/auth/login', { email, password: 'correct horse' });
    expect(body.expires_in).toBe(1);
    await expect.poll(async () => (await me(body.token)).status).toBe(401);
  });
});

const serviceToken = (changes: Record<string, unknown>) =>
  auth.send('POST', '/internal/token', {
    grant_type: 'client_credentials',
    client_id: 'booking-service',
    client_secret: 'booking-secret-of-tests',
    ...changes,
  });

describe('a service', () => {
  test('gets a token for its id and secret', async () => {
    const { status, body, headers } = await serviceToken({});
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 900 });
    const { payload } = await jwtVerify(body.access_token, createPublicKey(key.privateKey));
    expect(payload).toMatchObject({ sub: 'service:booking-service', role: 'service' });
  });

  test('with a wrong secret or an unknown id is refused alike', async () => {
    const answers = await Promise.all([
      serviceToken({ client_secret: 'wrong' }),
      serviceToken({ client_secret: 'seat-secret-of-the-tests' }),
      serviceToken({ client_id: 'nobody' }),
      serviceToken({ client_id: '__proto__' }),
      serviceToken({ client_id: 'constructor' }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body.type).toBe('wrong-client-credentials');
    }
  });

  test.each([
    { grant_type: 'password' },
    { client_id: '' },
    { client_secret: '' },
    { client_secret: 'x'.repeat(201) },
    { client_secret: { length: 23 } },
    { scope: 'everything' },
  ])('that asks with %j is told what is wrong', async (changes) => {
    expect((await serviceToken(changes)).status).toBe(400);
  });
});
