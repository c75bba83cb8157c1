import { request } from 'undici';
import { z } from 'zod';
import { UpstreamUnavailable } from '../client/upstream.errors.js';

/** How a service proves who it is. */
export interface ServiceTokensOptions {
  readonly authUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const tokenAnswer = z.looseObject({ access_token: z.string(), expires_in: z.number().positive() });

const REQUEST_TIMEOUT_MS = 2_000;
/** A token is renewed when this share of its life is over, so that no call carries one about to expire. */
const RENEW_AFTER = 0.8;

/** The client-credentials token (RFC 6749, section 4.4) that this service calls the others with. */
export class ServiceTokens {
  private current: { readonly token: string; readonly renewAt: number } | undefined;
  private pending: Promise<string> | undefined;

  constructor(private readonly options: ServiceTokensOptions) {}

  /** A token that is good for now; many callers at once fetch it once. */
  async token(): Promise<string> {
    if (this.current !== undefined && this.current.renewAt > Date.now()) return this.current.token;
    this.pending ??= this.fetch().finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  /** Drops a token that was refused, unless a newer one has taken its place. */
  forget(token: string): void {
    if (this.current?.token === token) this.current = undefined;
  }

  private async fetch(): Promise<string> {
    const { authUrl, clientId, clientSecret } = this.options;
    try {
      const { statusCode, body } = await request(`${authUrl}/internal/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
        }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const answer: unknown = await body.json();
      if (statusCode !== 200)
        throw new Error(`auth-service answered ${statusCode} to the request for a service token`);
      const { access_token: token, expires_in: seconds } = tokenAnswer.parse(answer);
      this.current = { token, renewAt: Date.now() + seconds * 1_000 * RENEW_AFTER };
      return token;
    } catch (error) {
      throw new UpstreamUnavailable('auth', { cause: error });
    }
  }
}
