import type { PortPlan } from '../ports/port-plan.js';
import {
  perService,
  SERVICES,
  type PerService,
  type ServiceDefinition,
  type ServiceName,
} from '../services.js';
import type { StackSecrets } from './secrets.js';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a running stack knows when it starts a service. */
export interface StackFacts {
  /** The environment of whoever starts the stack. */
  readonly env: Environment;
  readonly ports: PortPlan;
  /** Where everybody reaches each service: an address, or those of its copies separated by commas. */
  readonly reachedAt: PerService<string>;
  readonly secrets: StackSecrets;
  readonly redisUrl: string;
  /** Where the services listen on Unix sockets besides, if they do. */
  readonly socketFolder: string | undefined;
  /** The connection string of each service that has a database. */
  readonly databaseUrls: Partial<PerService<string>>;
}

/** The addresses under which the copies of each service answer. */
export function addressesAt(ports: PortPlan): PerService<readonly string[]> {
  return perService(({ name }) => ports[name as ServiceName].map((port) => `http://127.0.0.1:${port}`));
}

/** Everything that a copy of a service reads from its environment, on top of what the caller's environment holds. */
export function serviceEnvironment(
  service: ServiceDefinition,
  copy: number,
  facts: StackFacts,
): Record<string, string> {
  const { env, ports, reachedAt, secrets, redisUrl, socketFolder, databaseUrls } = facts;
  const name = service.name as ServiceName;
  const databaseUrl = databaseUrls[name];
  return {
    ...passedThrough(env),
    NODE_ENV: env['NODE_ENV'] || 'development',
    LOG_LEVEL: env['LOG_LEVEL'] || 'info',
    HOST: '127.0.0.1',
    PORT: String(ports[name][copy]),
    ...(socketFolder === undefined ? {} : { SOCKET_FOLDER: socketFolder }),
    ...neighbourUrls(reachedAt),
    REDIS_URL: redisUrl,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    SERVICE_CLIENT_ID: name,
    SERVICE_CLIENT_SECRET: secrets.clientSecrets[name],
    // A secret reaches the one service that needs it and no other.
    ...(name === 'auth-service' ? authVariables(env, secrets) : {}),
    ...(name === 'payment-service' ? paymentVariables(facts) : {}),
  };
}

/**
 * Everything that the program reads from its environment which holds all nine services. What is meant for one of them
 * carries that one's prefix.
 * @param further variables for single services
 */
export function sharedEnvironment(
  facts: StackFacts,
  further: Partial<PerService<Readonly<Record<string, string>>>>,
): Record<string, string> {
  const common = passedThrough(facts.env);
  const own = SERVICES.flatMap((service) =>
    Object.entries({ ...serviceEnvironment(service, 0, facts), ...further[service.name] })
      .filter(([name, value]) => common[name] !== value)
      .map(([name, value]) => [`${service.prefix}_${name}`, value]),
  );
  return { ...common, ...(Object.fromEntries(own) as Record<string, string>) };
}

/** Nobody asks the gateway, which is how the outside asks them. */
function neighbourUrls(reachedAt: PerService<string>): Record<string, string> {
  const asked = SERVICES.filter(({ name }) => name !== 'api-gateway');
  return Object.fromEntries(asked.map(({ name, prefix }) => [`${prefix}_URL`, reachedAt[name]]));
}

function authVariables(env: Environment, secrets: StackSecrets): Record<string, string> {
  const { email, password } = adminCredentials(env, secrets);
  return {
    JWT_SECRET: env['JWT_SECRET'] || secrets.jwtSecret,
    SERVICE_CLIENTS: SERVICES.map((one) => `${one.name}:${secrets.clientSecrets[one.name]}`).join(','),
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: password,
  };
}

/** The provider is the outside too: its webhooks come through the gateway, as its pages go. */
function paymentVariables({ env, reachedAt, secrets }: StackFacts): Record<string, string> {
  const gateway = reachedAt['api-gateway'];
  return {
    PAYMENT_WEBHOOK_SECRETS: env['PAYMENT_WEBHOOK_SECRETS'] || secrets.paymentWebhookSecret,
    PAYMENT_WEBHOOK_URL: env['PAYMENT_WEBHOOK_URL'] || `${gateway}/api/payments/webhook`,
    PUBLIC_URL: env['PUBLIC_URL'] || gateway,
  };
}

/** Who is made the first administrator. */
export interface AdminCredentials {
  readonly email: string;
  readonly password: string;
}

/** The administrator that the caller's environment names, or the generated one. */
export function adminCredentials(env: Environment, secrets: StackSecrets): AdminCredentials {
  return {
    email: env['ADMIN_EMAIL'] || secrets.adminEmail,
    password: env['ADMIN_PASSWORD'] || secrets.adminPassword,
  };
}

// What the caller's environment says about these is meant for one service, or is the stack's own to decide.
const NOT_PASSED_THROUGH = new Set([
  'JWT_SECRET',
  'SERVICE_CLIENTS',
  'ADMIN_EMAIL',
  'ADMIN_PASSWORD',
  'PAYMENT_WEBHOOK_SECRETS',
  'DATABASE_URL',
  ...SERVICES.flatMap(({ prefix }) => [`${prefix}_PORT`, `${prefix}_DATABASE_URL`]),
]);

function passedThrough(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && !NOT_PASSED_THROUGH.has(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
