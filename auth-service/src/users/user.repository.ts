import { uniqueViolationOf, type Queries, type Role } from '@flight-booking/platform';
import type { NewUser, User, UserWithPassword } from './user.js';
import { EmailTaken } from './user.errors.js';

const COLUMNS = `user_id as "userId", name, email, role, created_at as "createdAt"`;

const FIND = { name: 'find-user', text: `select ${COLUMNS} from users where user_id = $1` };

const FIND_BY_EMAIL = {
  name: 'find-user-by-email',
  text: `select ${COLUMNS}, password_hash as "passwordHash" from users where email = $1`,
};

const ADD = {
  name: 'add-user',
  text: `insert into users (name, email, password_hash, role) values ($1, $2, $3, $4) returning ${COLUMNS}`,
};

/** Any number that no other use of advisory locks takes. */
const FIRST_ADMIN_LOCK = 3_000_001;

/** Users and their password hashes. */
export class UserRepository {
  /** Lets processes that see to the first administrator take turns, each until its transaction ends. */
  async lockFirstAdmin(tx: Queries): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock($1)', [FIRST_ADMIN_LOCK]);
  }

  async find(queries: Queries, userId: number): Promise<User | undefined> {
    return queries.maybeRow<User>(FIND, [userId]);
  }

  async findByEmail(queries: Queries, email: string): Promise<UserWithPassword | undefined> {
    return queries.maybeRow<UserWithPassword>(FIND_BY_EMAIL, [email]);
  }

  /** @throws EmailTaken */
  async add(queries: Queries, { name, email, passwordHash, role }: NewUser): Promise<User> {
    try {
      return await queries.row<User>(ADD, [name, email, passwordHash, role]);
    } catch (error) {
      if (uniqueViolationOf(error) === 'users_email_unique') throw new EmailTaken({ cause: error });
      throw error;
    }
  }

  async setPasswordHash(queries: Queries, userId: number, passwordHash: string): Promise<void> {
    await queries.execute('update users set password_hash = $2 where user_id = $1', [userId, passwordHash]);
  }

  async setRole(queries: Queries, userId: number, role: Role): Promise<void> {
    await queries.execute('update users set role = $2 where user_id = $1', [userId, role]);
  }
}
