import {
  PROBLEM_CONTENT_TYPE,
  currentContext,
  defineRoute,
  problem,
  problemOf,
  reply,
  type Database,
  type Route,
} from '@flight-booking/platform';
import { TooBusy } from '../passwords/password.errors.js';
import { NO_STORE, sessionTokens, toSessionTokens } from '../sessions/session.schemas.js';
import type { SessionService } from '../sessions/session.service.js';
import type { LoginAttempt, LoginService } from './login.service.js';
import { EmailTaken, TooManyAttempts, WrongCredentials } from './user.errors.js';
import { logInRequest, ownAccount, signUpRequest } from './user.schemas.js';
import type { UserService } from './user.service.js';

/** Signing up, logging in, and one's own account. */
export class UserController {
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
      handler: async ({ body }) => reply(201, toSessionTokens(await this.users.signUp(body)), NO_STORE),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/auth/login',
      operation: 'logIn',
      summary: 'Sign in with e-mail address and password',
      tag: 'Accounts',
      auth: 'public',
      input: { body: logInRequest },
      output: { 200: sessionTokens, 429: problem },
      problems: [WrongCredentials, TooManyAttempts, TooBusy],
      handler: ({ body, ip }) => this.logIn({ ...body, address: ip }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/auth/me',
      operation: 'getOwnAccount',
      summary: 'Whose token this is',
      tag: 'Accounts',
      auth: 'user',
      output: { 200: ownAccount },
      handler: async ({ principal }) => {
        const { userId, name, email, role, createdAt } = await this.users.require(principal.userId);
        return reply(
          200,
          { user_id: userId, name, email, role, created_at: createdAt.toISOString() },
          NO_STORE,
        );
      },
    }),
  ];

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly logins: LoginService,
    private readonly sessions: SessionService,
  ) {}

  /** A refusal for now is answered here rather than thrown, because it carries a header. */
  private async logIn(attempt: LoginAttempt) {
    try {
      const user = await this.logins.logIn(attempt);
      return reply(200, toSessionTokens(await this.sessions.open(this.database, user)), NO_STORE);
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
      return reply(429, problemOf(error, currentContext()?.requestId ?? ''), {
        ...NO_STORE,
        'content-type': PROBLEM_CONTENT_TYPE,
        'retry-after': String(error.retryAfterSeconds),
      });
    }
  }
}
