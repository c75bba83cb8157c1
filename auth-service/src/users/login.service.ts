import type { Database, WorkSlots } from '@flight-booking/platform';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import type { LoginLimiter } from './login-limiter.js';
import type { User, UserWithPassword } from './user.js';
import { WrongCredentials } from './user.errors.js';
import type { UserRepository } from './user.repository.js';

/** Somebody who says who they are. */
export interface LoginAttempt {
  readonly email: string;
  readonly password: string;
  /** Network address that the attempt came from. */
  readonly address: string;
}

/** Finds out whether people are who they say. An unknown address and a wrong password look and take the same. */
export class LoginService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly slots: WorkSlots,
    private readonly limiter: LoginLimiter,
  ) {}

  /**
   * The limiter is asked within the slot: it counts attempts that are being judged as failed, and so only as
   * many as there are slots, however many right logins of one account come at once.
   * @throws WrongCredentials | TooManyAttempts | TooBusy
   */
  async logIn(attempt: LoginAttempt): Promise<User> {
    return this.slots.run(async () => {
      await this.limiter.admit(attempt.email, attempt.address);
      const user = await this.judge(attempt);
      if (user === undefined) {
        await this.limiter.failed(attempt.address);
        throw new WrongCredentials();
      }
      await this.limiter.succeeded(attempt.email);
      return user;
    });
  }

  private async judge({ email, password }: LoginAttempt): Promise<User | undefined> {
    try {
      const user = await this.users.findByEmail(this.database, email);
      const matches = await this.passwords.matches(password, user?.passwordHash ?? this.passwords.decoy);
      if (user === undefined || !matches) return undefined;
      await this.renewHash(user, password);
      return user;
    } catch (error) {
      await this.limiter.withdraw(email);
      throw error;
    }
  }

  /** A login is the only time at which a hash can be made anew after its cost was raised. */
  private async renewHash({ userId, passwordHash }: UserWithPassword, password: string): Promise<void> {
    if (!this.passwords.isOutdated(passwordHash)) return;
    await this.users.setPasswordHash(this.database, userId, await this.passwords.hash(password));
  }
}
