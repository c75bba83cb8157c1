import { defineRoute, noContent, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { InvalidRefreshToken } from './session.errors.js';
import { NO_STORE, refreshTokenRequest, sessionTokens } from './session.schemas.js';
import type { SessionService } from './session.service.js';
import { toSessionTokensView } from './session.view.js';

/** Going on with a session, and ending it. */
export class SessionController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/auth/refresh',
      operation: 'refreshSession',
      summary: 'Trade a refresh token for new tokens',
      description:
        'A refresh token works once. Using one again ends the session and with it every token that followed from it.',
      tag: 'Accounts',
      auth: 'public',
      input: { body: refreshTokenRequest },
      output: { 200: sessionTokens },
      problems: [InvalidRefreshToken],
      handler: async ({ body }) =>
        reply(200, toSessionTokensView(await this.sessions.refresh(body.refresh_token)), NO_STORE),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/auth/logout',
      operation: 'logOut',
      summary: 'End the session',
      description: 'The refresh token stops working at once; the access token goes on until it expires.',
      tag: 'Accounts',
      auth: 'user',
      input: { body: refreshTokenRequest },
      output: { 204: noContent },
      handler: async ({ body, principal }) => {
        await this.sessions.close(principal.userId, body.refresh_token);
        return reply(204, undefined);
      },
    }),
  ];

  constructor(private readonly sessions: SessionService) {}
}
