import { randomUUID } from 'node:crypto';
import type { Clock, Role } from '@flight-booking/platform';
import { SignJWT, type JWTPayload } from 'jose';
import type { SigningKey } from './signing-key.js';

/** Whom a token speaks for, and what it says of them. */
export interface TokenSubject {
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** What every access token says besides whom it is for. */
export interface AccessTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly ttlSeconds: number;
}

/** Issues the tokens that every service verifies by the published key alone. */
export class AccessTokens {
  constructor(
    private readonly key: SigningKey,
    private readonly options: AccessTokenOptions,
    private readonly clock: Clock,
  ) {}

  /** Seconds that a token is good for. */
  get ttlSeconds(): number {
    return this.options.ttlSeconds;
  }

  /** A token that speaks for a user. */
  forUser({ userId, role, name, email }: TokenSubject): Promise<string> {
    return this.sign(String(userId), { role, name, email });
  }

  /** A token with which one service calls another. */
  forService(clientId: string): Promise<string> {
    return this.sign(`service:${clientId}`, { role: 'service' });
  }

  private sign(subject: string, claims: JWTPayload): Promise<string> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1_000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: this.key.publicJwk.kid })
      .setIssuer(this.options.issuer)
      .setAudience(this.options.audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.options.ttlSeconds)
      .sign(this.key.privateKey);
  }
}
