import { InvalidToken, type Database, type WorkSlots } from '@flight-booking/platform';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import type { SessionService, SessionTokens } from '../sessions/session.service.js';
import type { User } from './user.js';
import type { UserRepository } from './user.repository.js';

/** What somebody signs up with. */
export interface SignUp {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Accounts of customers. */
export class UserService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly passwords: PasswordHasher,
    private readonly slots: WorkSlots,
  ) {}

  /** Opens an account and signs its owner in. @throws EmailTaken | TooBusy */
  async signUp({ name, email, password }: SignUp): Promise<SessionTokens> {
    const passwordHash = await this.slots.run(() => this.passwords.hash(password));
    return this.database.transaction(async (tx) => {
      const user = await this.users.add(tx, { name, email, passwordHash, role: 'customer' });
      return this.sessions.openIn(tx, user);
    });
  }

  /** @throws InvalidToken when the account is gone */
  async require(userId: number): Promise<User> {
    const user = await this.users.find(this.database, userId);
    if (user === undefined) throw new InvalidToken();
    return user;
  }
}
