import { WorkSlots, Database, RedisStore, createLogger } from '@flight-booking/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TooBusy } from '../passwords/password.errors.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { AuthServiceUnderTest, uniqueEmail } from '../testing/auth-service-under-test.js';
import { LoginLimiter } from './login-limiter.js';
import { LoginService } from './login.service.js';
import { UserRepository } from './user.repository.js';

/** Hashes as the service does, and notes against what every password was checked. */
class WatchedHasher extends PasswordHasher {
  readonly checkedAgainst: string[] = [];

  override matches(password: string, passwordHash: string): Promise<boolean> {
    this.checkedAgainst.push(passwordHash);
    return super.matches(password, passwordHash);
  }
}

const COST = { memoryKib: 64, passes: 1, lanes: 1 };
const logger = createLogger('tests', 'silent');

let auth: AuthServiceUnderTest;
let database: Database;
let redis: RedisStore;
let hasher: WatchedHasher;
let logins: LoginService;

beforeAll(async () => {
  auth = await AuthServiceUnderTest.start();
  database = new Database({ url: auth.databaseUrl, poolSize: 2, applicationName: 'tests' }, logger);
  redis = new RedisStore(auth.redis.url, logger);
  await redis.start();
});
afterAll(async () => {
  await redis.stop();
  await database.stop();
  await auth.stop();
});
beforeEach(() => {
  hasher = new WatchedHasher(COST);
  const limits = { failuresPerAccount: 5, failuresPerAddress: 10_000, windowSeconds: 900 };
  const limiter = new LoginLimiter(redis.client, limits);
  const slots = new WorkSlots({ slots: 1, queue: 10, refusal: () => new TooBusy() });
  logins = new LoginService(database, new UserRepository(), hasher, slots, limiter);
});

const outcomeOf = (email: string): Promise<unknown> =>
  logins.logIn({ email, password: 'wrong horse', address: '203.0.113.9' }).catch((error: unknown) => error);

describe('a login with an unknown address', () => {
  test('is refused in the very words in which a wrong password is', async () => {
    const { email } = await auth.signUp();
    const [wrong, unknown] = [await outcomeOf(email), await outcomeOf(uniqueEmail())];
    expect(wrong).toBeInstanceOf(Error);
    expect(unknown).toEqual(wrong);
    expect((unknown as Error).constructor).toBe((wrong as Error).constructor);
  });

  test('costs one check of a hash as dear as that of an account, also when it is locked', async () => {
    const { email } = await auth.signUp();
    const costOf = (hash: string | undefined) => hash?.split('$').slice(0, 4);
    for (let failures = 1; failures <= 7; failures += 1) {
      await outcomeOf(email);
      const ofAccount = hasher.checkedAgainst.splice(0);
      const stranger = `locked-${email}`;
      await outcomeOf(stranger);
      const ofNobody = hasher.checkedAgainst.splice(0);
      expect(ofNobody.map(costOf)).toEqual(ofAccount.map(costOf));
      expect(ofNobody).toHaveLength(failures <= 5 ? 1 : 0);
    }
  });
});
