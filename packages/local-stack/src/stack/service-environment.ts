import { SERVICES, type PerService, type ServiceDefinition, type ServiceName } from '../services.js';
import type { StackSecrets } from './secrets.js';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a running stack knows when it starts a service. */
export interface StackFacts {
  /** The environment of whoever starts the stack. */
  readonly env: Environment;
  readonly ports: PerService<number>;
  readonly secrets: StackSecrets;
  readonly redisUrl: string;
  /** The connection string of each service that has a database. */
  readonly databaseUrls: Partial<PerService<string>>;
}

/** The address under which a service answers. */
export function serviceUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Everything that a service reads from its environment, on top of what the caller's environment holds. */
export function serviceEnvironment(service: ServiceDefinition, facts: StackFacts): Record<string, string> {
  const { env, ports, secrets, redisUrl, databaseUrls } = facts;
  const name = service.name as ServiceName;
  const databaseUrl = databaseUrls[name];
  return {
    ...passedThrough(env),
    NODE_ENV: env['NODE_ENV'] || 'development',
    LOG_LEVEL: env['LOG_LEVEL'] || 'info',
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    ...neighbourUrls(ports),
    REDIS_URL: redisUrl,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    SERVICE_CLIENT_ID: name,
    SERVICE_CLIENT_SECRET: secrets.clientSecrets[name],
    ...ownSecrets(name, env, secrets),
  };
}

/** Nobody asks the gateway, which is how the outside asks them. */
function neighbourUrls(ports: PerService<number>): Record<string, string> {
  const asked = SERVICES.filter(({ name }) => name !== 'api-gateway');
  return Object.fromEntries(asked.map(({ name, prefix }) => [`${prefix}_URL`, serviceUrl(ports[name])]));
}

/** A secret reaches the one service that needs it and no other. */
function ownSecrets(name: ServiceName, env: Environment, secrets: StackSecrets): Record<string, string> {
  if (name !== 'auth-service') return {};
  return {
    JWT_SECRET: env['JWT_SECRET'] || secrets.jwtSecret,
    SERVICE_CLIENTS: SERVICES.map((one) => `${one.name}:${secrets.clientSecrets[one.name]}`).join(','),
    ADMIN_EMAIL: env['ADMIN_EMAIL'] || secrets.adminEmail,
    ADMIN_PASSWORD: env['ADMIN_PASSWORD'] || secrets.adminPassword,
  };
}

// What the caller's environment says about these is meant for one service, or is the stack's own to decide.
const NOT_PASSED_THROUGH = new Set([
  'JWT_SECRET',
  'SERVICE_CLIENTS',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'DATABASE_URL',
  ...SERVICES.flatMap(({ prefix }) => [`${prefix}_PORT`, `${prefix}_DATABASE_URL`]),
]);

function passedThrough(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && !NOT_PASSED_THROUGH.has(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
