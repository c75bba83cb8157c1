import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { TooBusy } from '../passwords/password.errors.js';
import { NO_STORE, sessionTokens } from '../sessions/session.schemas.js';
import type { SessionService } from '../sessions/session.service.js';
import { toSessionTokensView } from '../sessions/session.view.js';
import type { LoginService } from './login.service.js';
import { EmailTaken, TooManyAttempts, WrongCredentials } from './user.errors.js';
import { logInRequest, ownAccount, signUpRequest } from './user.schemas.js';
import type { UserService } from './user.service.js';
import { toOwnAccountView } from './user.view.js';

/** Signing up, logging in, and one's own account. */
export class UserController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/auth/signup',
      operation: 'signUp',
      summary: 'Open an account',
      tag: 'Accounts',
      auth: 'public',
      input: { body: signUpRequest },
      output: { 201: sessionTokens },
      problems: [EmailTaken, TooBusy],
      handler: async ({ body }) => reply(201, toSessionTokensView(await this.users.signUp(body)), NO_STORE),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/auth/login',
      operation: 'logIn',
      summary: 'Sign in with e-mail address and password',
      tag: 'Accounts',
      auth: 'public',
      input: { body: logInRequest },
      output: { 200: sessionTokens },
      problems: [WrongCredentials, TooManyAttempts, TooBusy],
      handler: async ({ body, ip }) => {
        const user = await this.logins.logIn({ ...body, address: ip });
        return reply(200, toSessionTokensView(await this.sessions.open(user)), NO_STORE);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/auth/me',
      operation: 'getOwnAccount',
      summary: 'Whose token this is',
      tag: 'Accounts',
      auth: 'user',
      output: { 200: ownAccount },
      handler: async ({ principal }) =>
        reply(200, toOwnAccountView(await this.users.require(principal.userId)), NO_STORE),
    }),
  ];

  constructor(
    private readonly users: UserService,
    private readonly logins: LoginService,
    private readonly sessions: SessionService,
  ) {}
}
