import { z } from 'zod';

/** A TCP port; 0 lets the system choose, which tests use. */
export const port = z.coerce.number().int().min(0).max(65_535);

/** A duration in milliseconds. */
export const milliseconds = z.coerce.number().int().min(1);

/** The base address of a service, without a slash at its end. */
export const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .transform((url) => url.replace(/\/+$/, ''));

/**
 * The addresses of a service: one, or those of its copies separated by commas, which are then used in turn.
 */
export const serviceUrl = z
  .string()
  .refine((text) => text.split(',').every((part) => baseUrl.safeParse(part).success), {
    error: 'must be an http:// or https:// address, or several separated by commas',
  })
  .transform((text) => text.split(',').map((part) => baseUrl.parse(part)));

const MIN_SECRET_LENGTH = 16;

/** A secret that is long enough to be one. */
export const secret = z.string().min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`);

/** What every service reads. */
export const commonVariables = (serviceName: string, defaultPort: number) => ({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Share of good answers to GET that is logged; everything else always is. */
  LOG_SAMPLE_RATE: z.coerce.number().min(0).max(1).default(1),
  HOST: z.string().default('0.0.0.0'),
  PORT: port.default(defaultPort),
  /** Where the services of this machine listen on Unix sockets too, and look for those of the others. */
  SOCKET_FOLDER: z.string().optional(),
  AUTH_URL: serviceUrl,
  JWT_ISSUER: z.string().default('flight-booking'),
  JWT_AUDIENCE: z.string().default('flight-booking'),
  /** The others know their callers by it, so it is the service's name and nothing else. */
  SERVICE_CLIENT_ID: z.literal(serviceName).default(serviceName),
  SERVICE_CLIENT_SECRET: secret,
  SHUTDOWN_TIMEOUT_MS: milliseconds.default(10_000),
});

/** What a service with a database reads besides. */
export const databaseVariables = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  // Two connections are the job runner's for as long as it runs: one listens, one holds its locks.
  DATABASE_POOL_SIZE: z.coerce.number().int().min(4).max(200).default(12),
  JOB_CONCURRENCY: z.coerce.number().int().min(1).max(50).default(5),
};

/** What a service with Redis reads besides: one address, or several of a cluster separated by commas. */
export const redisVariables = {
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/[^,\s]+(,rediss?:\/\/[^,\s]+)*$/, 'must be redis:// addresses, separated by commas'),
};
