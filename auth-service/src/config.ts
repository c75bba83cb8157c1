import { availableParallelism } from 'node:os';
import { emailAddress } from '@flight-booking/contracts';
import { commonVariables, databaseVariables, loadConfig, redisVariables } from '@flight-booking/platform';
import { z } from 'zod';
import { serviceClients } from './tokens/service-clients.js';
import { newPassword } from './users/user.schemas.js';

const FIFTEEN_MINUTES = 900;
const THIRTY_DAYS = 2_592_000;
const MIN_JWT_SECRET_LENGTH = 32;
/** The administrator may do everything, so a password that would do for a customer does not do in earnest. */
const MIN_ADMIN_PASSWORD_LENGTH = 12;
/** Hashing runs on libuv's pool of four threads, which signing, files and DNS need too. */
const MOST_HASHING_THREADS = 3;

const count = z.coerce.number().int().min(1);
const seconds = count;

const schema = z
  .object({
    ...commonVariables('auth-service', 3000),
    ...databaseVariables,
    ...redisVariables,
    /** What the signing key is derived from. A new one makes every access token invalid. */
    JWT_SECRET: z
      .string()
      .min(MIN_JWT_SECRET_LENGTH, `must have at least ${MIN_JWT_SECRET_LENGTH} characters`),
    /** Services that may ask for tokens, as `id:secret`, separated by commas. */
    SERVICE_CLIENTS: serviceClients,
    ADMIN_EMAIL: emailAddress.optional(),
    ADMIN_PASSWORD: newPassword.optional(),
    ACCESS_TOKEN_TTL_SECONDS: seconds.default(FIFTEEN_MINUTES),
    REFRESH_TOKEN_TTL_SECONDS: seconds.default(THIRTY_DAYS),
    // OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    ARGON2_MEMORY_KIB: z.coerce.number().int().min(8).max(1_048_576).default(19_456),
    ARGON2_PASSES: z.coerce.number().int().min(1).max(20).default(2),
    ARGON2_LANES: z.coerce.number().int().min(1).max(16).default(1),
    PASSWORD_HASH_CONCURRENCY: count.default(Math.min(availableParallelism(), MOST_HASHING_THREADS)),
    PASSWORD_HASH_QUEUE: count.default(500),
    LOGIN_FAILURES_PER_ACCOUNT: count.default(5),
    LOGIN_FAILURES_PER_ADDRESS: count.default(100),
    LOGIN_WINDOW_SECONDS: seconds.default(FIFTEEN_MINUTES),
  })
  .refine(({ ADMIN_EMAIL, ADMIN_PASSWORD }) => ADMIN_EMAIL === undefined || ADMIN_PASSWORD !== undefined, {
    path: ['ADMIN_PASSWORD'],
    error: 'is required with ADMIN_EMAIL',
  })
  .refine(
    ({ NODE_ENV, ADMIN_PASSWORD }) =>
      NODE_ENV !== 'production' ||
      ADMIN_PASSWORD === undefined ||
      ADMIN_PASSWORD.length >= MIN_ADMIN_PASSWORD_LENGTH,
    { path: ['ADMIN_PASSWORD'], error: `must have at least ${MIN_ADMIN_PASSWORD_LENGTH} characters` },
  )
  .refine(({ ADMIN_EMAIL, ADMIN_PASSWORD }) => ADMIN_PASSWORD === undefined || ADMIN_EMAIL !== undefined, {
    path: ['ADMIN_EMAIL'],
    error: 'is required with ADMIN_PASSWORD',
  });

/** The configuration of auth-service. */
export type Config = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig naming every bad variable */
export const readConfig = (environment = process.env): Config => loadConfig(schema, environment);
