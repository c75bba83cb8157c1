import { JWKS_PATH, defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import type { AccessTokens } from './access-tokens.js';
import type { ServiceClients } from './service-clients.js';
import type { PublicJwk } from './signing-key.js';
import { WrongClientCredentials } from './token.errors.js';
import { keySet, tokenAnswer, tokenRequest } from './token.schemas.js';

/** Short enough for a new key to be known everywhere soon; a verifier that meets an unknown key asks at once. */
const CACHE_KEYS = { 'cache-control': 'public, max-age=300' };

/** The published keys, and tokens for services. */
export class TokenController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: JWKS_PATH,
      operation: 'getSigningKeys',
      summary: 'The keys that access tokens are verified with',
      tag: 'Accounts',
      auth: 'public',
      output: { 200: keySet },
      handler: async () => reply(200, { keys: [{ ...this.publicJwk }] }, CACHE_KEYS),
    }),
    defineRoute({
      method: 'POST',
      path: '/internal/token',
      operation: 'issueServiceToken',
      summary: 'A token for a service, for its id and secret',
      tag: 'Internal',
      auth: 'public',
      input: { body: tokenRequest },
      output: { 200: tokenAnswer },
      problems: [WrongClientCredentials],
      handler: async ({ body }) => {
        this.clients.authenticate(body.client_id, body.client_secret);
        const token = await this.tokens.forService(body.client_id);
        const answer = {
          access_token: token,
          token_type: 'Bearer' as const,
          expires_in: this.tokens.ttlSeconds,
        };
        return reply(200, answer, { 'cache-control': 'no-store' });
      },
    }),
  ];

  constructor(
    private readonly publicJwk: PublicJwk,
    private readonly tokens: AccessTokens,
    private readonly clients: ServiceClients,
  ) {}
}
