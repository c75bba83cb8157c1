import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import { ServiceAddresses } from '../client/service-addresses.js';
import { InvalidToken, KeysUnavailable } from './auth.errors.js';
import type { Principal } from './principal.js';

/** Where keys come from and what tokens must say. */
export interface TokenVerifierOptions {
  /** The same key set at each copy of auth-service. */
  readonly jwksUrls: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  /** How many verified tokens are kept. */
  readonly cacheSize?: number;
}

const DEFAULT_CACHE_SIZE = 20_000;
const MILLISECONDS_PER_SECOND = 1_000;

const userClaims = z.object({
  sub: z.string().regex(/^[1-9]\d{0,15}$/),
  role: z.enum(['customer', 'admin']),
  name: z.string(),
  email: z.string(),
});
const serviceClaims = z.object({ sub: z.string().regex(/^service:[\w-]+$/), role: z.literal('service') });

interface VerifiedToken {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/**
 * Verifies access tokens: EdDSA alone, issuer, audience and expiry, against the keys that auth-service
 * publishes. A verified token is kept until it expires, for a signature costs a hundred times a look-up.
 * Keys are fetched when first needed and again when a token names one that is not known.
 */
export class TokenVerifier {
  private readonly verified = new Map<string, VerifiedToken>();
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private readonly cacheSize: number;

  constructor(private readonly options: TokenVerifierOptions) {
    const addresses = new ServiceAddresses(options.jwksUrls);
    this.keys = createRemoteJWKSet(new URL(options.jwksUrls[0] ?? ''), {
      // Whichever copy the name stands for, any of them will do.
      [customFetch]: (_url, init) => addresses.first((address) => fetch(address, init)),
      cacheMaxAge: Infinity,
      cooldownDuration: 2_000,
      timeoutDuration: 2_000,
    });
    this.cacheSize = options.cacheSize ?? DEFAULT_CACHE_SIZE;
  }

  /** The principal of a token that was verified before, without waiting; undefined when it must be verified. */
  peek(token: string): Principal | undefined {
    const known = this.verified.get(token);
    if (known === undefined) return undefined;
    if (known.expiresAtMs > Date.now()) return known.principal;
    this.verified.delete(token);
    return undefined;
  }

  /**
   * @throws InvalidToken when the token is not to be trusted
   * @throws KeysUnavailable when that cannot be found out now
   */
  async verify(token: string): Promise<Principal> {
    const known = this.peek(token);
    if (known !== undefined) return known;
    const claims = await this.claimsOf(token);
    const principal = principalOf(claims);
    this.remember(token, { principal, expiresAtMs: (claims.exp ?? 0) * MILLISECONDS_PER_SECOND });
    return principal;
  }

  private async claimsOf(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: ['EdDSA'],
        issuer: this.options.issuer,
        audience: this.options.audience,
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (isAboutTheToken(error)) throw new InvalidToken({ cause: error });
      throw new KeysUnavailable({ cause: error });
    }
  }

  private remember(token: string, verified: VerifiedToken): void {
    if (this.verified.size >= this.cacheSize) {
      const oldest = this.verified.keys().next().value;
      if (oldest !== undefined) this.verified.delete(oldest);
    }
    this.verified.set(token, verified);
  }
}

function isAboutTheToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return false;
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return true;
  // A failed fetch of the key set surfaces as the bare JOSEError; its subclasses are verdicts on the token.
  return (
    error instanceof errors.JOSEError &&
    error.code !== 'ERR_JOSE_GENERIC' &&
    !(error instanceof errors.JWKSInvalid)
  );
}

function principalOf(claims: JWTPayload): Principal {
  const service = serviceClaims.safeParse(claims);
  if (service.success) return { kind: 'service', clientId: service.data.sub.slice('service:'.length) };
  const user = userClaims.safeParse(claims);
  if (!user.success) throw new InvalidToken({ cause: user.error });
  const { sub, role, name, email } = user.data;
  return { kind: 'user', userId: Number(sub), role, name, email };
}
