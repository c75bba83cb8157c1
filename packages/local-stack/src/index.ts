export { SetupError } from './local-stack.errors.js';
export { databaseUrl, ensureDatabases, type OwnedDatabase } from './postgres/ensure-databases.js';
export { PostgresServer, type PostgresOptions } from './postgres/postgres-server.js';
export { RedisServer, type RedisOptions } from './redis/redis-server.js';
