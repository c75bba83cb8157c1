import { request } from 'undici';
import { z } from 'zod';
import { ServiceAddresses } from '../client/service-addresses.js';
import { UpstreamUnavailable } from '../client/upstream.errors.js';

/** How a service proves who it is. */
export interface ServiceTokensOptions {
  /** Addresses of the copies of auth-service. */
  readonly authUrls: readonly string[];
  readonly clientId: string;
  readonly clientSecret: string;
}

const tokenAnswer = z.looseObject({ access_token: z.string(), expires_in: z.number().positive() });

const REQUEST_TIMEOUT_MS = 2_000;
const MILLISECONDS_PER_SECOND = 1_000;
/** A token is renewed when this share of its life is over, so that no call carries one about to expire. */
const RENEW_AFTER = 0.8;

/** How long a token that could not be renewed is used on before the next try. */
const RENEWAL_RETRY_MS = 1_000;

interface HeldToken {
  readonly token: string;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** The client-credentials token (RFC 6749, section 4.4) that this service calls the others with. */
export class ServiceTokens {
  private current: HeldToken | undefined;
  private pending: Promise<string> | undefined;

  private readonly addresses: ServiceAddresses;

  constructor(private readonly options: ServiceTokensOptions) {
    this.addresses = new ServiceAddresses(options.authUrls);
  }

  /** A token that is good for now; many callers at once fetch it once. */
  async token(): Promise<string> {
    if (this.current !== undefined && this.current.renewAt > Date.now()) return this.current.token;
    this.pending ??= this.renew().finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  /** Drops a token that was refused, unless a newer one has taken its place. */
  forget(token: string): void {
    if (this.current?.token === token) this.current = undefined;
  }

  /** While auth-service is away, a token that is still valid does. */
  private async renew(): Promise<string> {
    try {
      return await this.fetch();
    } catch (error) {
      const { current } = this;
      if (current === undefined || current.expiresAt <= Date.now()) throw error;
      this.current = { ...current, renewAt: Date.now() + RENEWAL_RETRY_MS };
      return current.token;
    }
  }

  private async fetch(): Promise<string> {
    try {
      const { access_token: token, expires_in: seconds } = await this.addresses.first((address) =>
        this.ask(address),
      );
      const lifeMs = seconds * MILLISECONDS_PER_SECOND;
      this.current = { token, renewAt: Date.now() + lifeMs * RENEW_AFTER, expiresAt: Date.now() + lifeMs };
      return token;
    } catch (error) {
      throw new UpstreamUnavailable('auth', { cause: error });
    }
  }

  private async ask(address: string): Promise<z.output<typeof tokenAnswer>> {
    const { clientId, clientSecret } = this.options;
    const { statusCode, body } = await request(`${address}/internal/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
      // Asked for a few times an hour: a connection kept from the last time has gone stale by now.
      reset: true,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const answer: unknown = await body.json();
    if (statusCode !== 200)
      throw new Error(`auth-service answered ${statusCode} to the request for a service token`);
    return tokenAnswer.parse(answer);
  }
}
