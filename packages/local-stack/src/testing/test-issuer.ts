import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { HttpListener } from './http-listener.js';

/** Whom a user's token speaks for. */
export interface UserTokenOptions {
  readonly userId: number;
  readonly role?: 'customer' | 'admin';
  readonly name?: string;
  readonly email?: string;
  readonly expiresInSeconds?: number;
}

const ISSUER = 'flight-booking';
const KEY_ID = 'test-key';
const TOKEN_LIFETIME_SECONDS = 900;

interface Keys {
  readonly signing: CryptoKey;
  readonly foreign: CryptoKey;
  readonly published: JWK;
}

/**
 * Stands for auth-service at the network: publishes a key at `GET /api/auth/.well-known/jwks.json`, grants service
 * tokens at `POST /internal/token`, and signs user tokens for tests. Give its `url` to a service as `AUTH_URL`.
 */
export class TestIssuer {
  private readonly listener = new HttpListener((request, response) => void this.answer(request, response));
  private keys: Keys | undefined;

  get url(): string {
    return this.listener.url;
  }

  async start(): Promise<void> {
    this.keys ??= await generateKeys();
    await this.listener.start();
  }

  async stop(): Promise<void> {
    await this.listener.stop();
  }

  userToken(options: UserTokenOptions): Promise<string> {
    return this.sign(userClaims(options), options.expiresInSeconds);
  }

  /** A token of another service, for its internal calls. */
  serviceToken(clientId: string): Promise<string> {
    return this.sign({ sub: `service:${clientId}`, role: 'service' });
  }

  /** Was valid until a minute ago. */
  expiredToken(options: UserTokenOptions = { userId: 1 }): Promise<string> {
    return this.sign(userClaims(options), -60);
  }

  wrongAudienceToken(options: UserTokenOptions = { userId: 1 }): Promise<string> {
    return this.sign({ ...userClaims(options), aud: 'another-audience' });
  }

  /** Carries the right claims and no signature. */
  algNoneToken(options: UserTokenOptions = { userId: 1 }): Promise<string> {
    const claims = { ...userClaims(options), iss: ISSUER, aud: ISSUER, jti: randomUUID() };
    return Promise.resolve(new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('15m').encode());
  }

  /** Carries the right claims and key id, signed with a key that was never published. */
  foreignKeyToken(options: UserTokenOptions = { userId: 1 }): Promise<string> {
    return this.sign(userClaims(options), TOKEN_LIFETIME_SECONDS, this.started().foreign);
  }

  private sign(claims: JWTPayload, lifetimeSeconds = TOKEN_LIFETIME_SECONDS, key = this.started().signing) {
    const now = Math.floor(Date.now() / 1000);
    const issuedAt = Math.min(now, now + lifetimeSeconds - 1);
    return new SignJWT({ iss: ISSUER, aud: ISSUER, ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: 'EdDSA', kid: KEY_ID })
      .setIssuedAt(issuedAt)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(key);
  }

  private started(): Keys {
    if (this.keys === undefined) throw new Error('The issuer has not been started.');
    return this.keys;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /api/auth/.well-known/jwks.json') {
      return send(response, 200, { keys: [this.started().published] });
    }
    if (route === 'POST /internal/token') {
      const token = await this.serviceToken(await clientIdOf(request));
      return send(response, 200, {
        access_token: token,
        token_type: 'Bearer',
        expires_in: TOKEN_LIFETIME_SECONDS,
      });
    }
    send(response, 404, { type: 'about:blank', title: 'Not Found', status: 404 });
  }
}

function userClaims({ userId, role = 'customer', name, email }: UserTokenOptions): JWTPayload {
  return {
    sub: String(userId),
    role,
    name: name ?? `User ${userId}`,
    email: email ?? `user-${userId}@example.com`,
  };
}

async function generateKeys(): Promise<Keys> {
  const [own, foreign] = await Promise.all([
    generateKeyPair('Ed25519', { extractable: true }),
    generateKeyPair('Ed25519'),
  ]);
  const published = { ...(await exportJWK(own.publicKey)), alg: 'EdDSA', use: 'sig', kid: KEY_ID };
  return { signing: own.privateKey, foreign: foreign.privateKey, published };
}

/** The client's id, from HTTP basic authentication, a form or JSON, all of which clients use. */
async function clientIdOf(request: IncomingMessage): Promise<string> {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    return decodeURIComponent(Buffer.from(basic, 'base64').toString().split(':')[0] ?? '');
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  if (body.startsWith('{')) return String((JSON.parse(body) as { client_id?: string }).client_id);
  return new URLSearchParams(body).get('client_id') ?? 'unknown';
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
