import { ServiceKit, WorkSlots, type Surroundings, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { TooBusy } from './passwords/password.errors.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { deleteExpiredSessionsHandler } from './sessions/delete-expired-sessions.job.js';
import { SessionController } from './sessions/session.controller.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionService } from './sessions/session.service.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { ServiceClients } from './tokens/service-clients.js';
import { deriveSigningKey } from './tokens/signing-key.js';
import { TokenController } from './tokens/token.controller.js';
import { FirstAdmin } from './users/first-admin.js';
import { LoginLimiter, type LoginLimits } from './users/login-limiter.js';
import { LoginService } from './users/login.service.js';
import { UserController } from './users/user.controller.js';
import { UserRepository } from './users/user.repository.js';
import { UserService } from './users/user.service.js';

/** Builds auth-service. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('auth-service', config, surroundings);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const redis = kit.redis(config.REDIS_URL, { optional: true });

  const key = deriveSigningKey(config.JWT_SECRET);
  const accessTokens = new AccessTokens(key, accessTokenOptions(config), kit.clock);
  const passwords = passwordHasher(config);
  const slots = new WorkSlots({
    slots: config.PASSWORD_HASH_CONCURRENCY,
    queue: config.PASSWORD_HASH_QUEUE,
    refusal: () => new TooBusy(),
  });

  const sessionRows = new SessionRepository();
  const ttl = config.REFRESH_TOKEN_TTL_SECONDS;
  const sessions = new SessionService(database, sessionRows, accessTokens, kit.clock, ttl);
  const userRows = new UserRepository();
  const users = new UserService(database, userRows, sessions, passwords, slots);
  const limiter = new LoginLimiter(redis.client, loginLimits(config));
  const logins = new LoginService(database, userRows, passwords, slots, limiter);

  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
  if (email !== undefined && password !== undefined)
    kit.add(new FirstAdmin(database, userRows, sessionRows, passwords, { email, password }));
  kit.jobRunner(database, config, [deleteExpiredSessionsHandler(sessions)]);
  return kit.service([
    new UserController(users, logins, sessions),
    new SessionController(sessions),
    kit.stuckJobs(database, '/api/auth'),
    new TokenController(key.publicJwk, accessTokens, new ServiceClients(config.SERVICE_CLIENTS)),
  ]);
}

const accessTokenOptions = (config: Config) => ({
  issuer: config.JWT_ISSUER,
  audience: config.JWT_AUDIENCE,
  ttlSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
});

const passwordHasher = (config: Config): PasswordHasher =>
  new PasswordHasher({
    memoryKib: config.ARGON2_MEMORY_KIB,
    passes: config.ARGON2_PASSES,
    lanes: config.ARGON2_LANES,
  });

const loginLimits = (config: Config): LoginLimits => ({
  failuresPerAccount: config.LOGIN_FAILURES_PER_ACCOUNT,
  failuresPerAddress: config.LOGIN_FAILURES_PER_ADDRESS,
  windowSeconds: config.LOGIN_WINDOW_SECONDS,
});
