import type { Database, Lifecycle, Queries } from '@flight-booking/platform';
import type { PasswordHasher } from '../passwords/password-hasher.js';
import type { SessionRepository } from '../sessions/session.repository.js';
import type { UserWithPassword } from './user.js';
import type { UserRepository } from './user.repository.js';

/** Who the first administrator is, as configuration says. */
export interface AdminCredentials {
  readonly email: string;
  readonly password: string;
}

const ADMIN_NAME = 'Administrator';

/**
 * Sees to it, at every start, that the configured administrator exists, is one, and has the configured
 * password. A changed password ends the sessions that the old one began.
 */
export class FirstAdmin implements Lifecycle {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly passwords: PasswordHasher,
    private readonly credentials: AdminCredentials,
  ) {}

  async start(): Promise<void> {
    const { email, password } = this.credentials;
    await this.database.transaction(async (tx) => {
      await this.users.lockFirstAdmin(tx);
      const user = await this.users.findByEmail(tx, email);
      if (user === undefined) {
        const passwordHash = await this.passwords.hash(password);
        await this.users.add(tx, { name: ADMIN_NAME, email, passwordHash, role: 'admin' });
      } else {
        await this.bringUpToDate(tx, user);
      }
    });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  private async bringUpToDate(tx: Queries, { userId, role, passwordHash }: UserWithPassword): Promise<void> {
    const { password } = this.credentials;
    if (role !== 'admin') await this.users.setRole(tx, userId, 'admin');
    if (await this.passwords.matches(password, passwordHash)) return;
    await this.users.setPasswordHash(tx, userId, await this.passwords.hash(password));
    await this.sessions.revokeAllOf(tx, userId, 'password_changed');
  }
}
