export { LocalStack, type LocalStackOptions, type StackEvent } from './local-stack.js';
export { databaseUrl, ensureDatabases, type OwnedDatabase } from './postgres/ensure-databases.js';
export { PostgresServer, type PostgresOptions } from './postgres/postgres-server.js';
export type { UnexpectedExit } from './processes/supervised-process.js';
export { RedisServer, type RedisOptions } from './redis/redis-server.js';
export { SERVICES, type PerService, type ServiceDefinition, type ServiceName } from './services.js';
export { SetupError } from './setup.errors.js';
export type { StackSecrets } from './stack/secrets.js';
