import { join } from 'node:path';
import pg from 'pg';
import { createClient } from 'redis';
import { databaseUrl, ensureDatabases } from '../postgres/ensure-databases.js';
import type { RestartOptions } from '../processes/kept-server.js';
import { PostgresServer } from '../postgres/postgres-server.js';
import { RedisServer } from '../redis/redis-server.js';
import { SERVICES, type PerService, type ServiceDefinition, type ServiceName } from '../services.js';
import type { StackSecrets } from './secrets.js';
import type { Environment } from './service-environment.js';

/** Where the servers keep their files and what the caller's environment replaces. */
export interface StackServersOptions {
  readonly dataDir: string;
  readonly logDir: string;
  readonly durable: boolean;
  readonly env: Environment;
  readonly onInstallRedis: () => void;
  readonly onDeath: (server: 'PostgreSQL' | 'Redis', restarting: boolean) => void;
}

const DATABASE_SERVICES = (SERVICES as readonly ServiceDefinition[]).filter((service) => service.database);

/** PostgreSQL with a database per service, and Redis; what the environment names elsewhere is not started. */
export class StackServers {
  private readonly postgres: PostgresServer;
  private readonly redis: RedisServer;
  private ownsDatabases = false;

  constructor(private readonly options: StackServersOptions) {
    const { dataDir, logDir, durable, env, onInstallRedis, onDeath } = options;
    this.postgres = new PostgresServer({
      home: join(dataDir, 'postgres'),
      logFile: join(logDir, 'postgres.log'),
      durable,
      onDeath: (restarting) => onDeath('PostgreSQL', restarting),
    });
    this.redis = new RedisServer({
      home: join(dataDir, 'redis'),
      logFile: join(logDir, 'redis.log'),
      durable,
      externalUrl: env['REDIS_URL'],
      onInstall: onInstallRedis,
      onDeath: (restarting) => onDeath('Redis', restarting),
    });
  }

  get redisUrl(): string {
    return this.redis.url;
  }

  /** The superuser's connection string; undefined when every database is on somebody else's server. */
  get adminPostgresUrl(): string | undefined {
    return this.ownsDatabases ? this.postgres.url : undefined;
  }

  /** Starts both at once; returns the connection string of each service that has a database. */
  async start(secrets: StackSecrets): Promise<Partial<PerService<string>>> {
    // Both settle before an error leaves, so that a stop finds what has been started.
    const [databases, redis] = await Promise.allSettled([this.startDatabases(secrets), this.redis.start()]);
    if (redis.status === 'rejected') throw redis.reason;
    if (databases.status === 'rejected') throw databases.reason;
    return databases.value;
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.redis.stop()]);
  }

  /** Ends both without waiting; their data survives it. */
  killNow(): void {
    this.postgres.killNow();
    this.redis.killNow();
  }

  restartPostgres(options: RestartOptions): Promise<void> {
    return this.postgres.restart(options);
  }

  restartRedis(options: RestartOptions): Promise<void> {
    return this.redis.restart(options);
  }

  /** Removes every key. @throws when Redis is not ours, for it may hold what belongs to others */
  async flushRedis(): Promise<void> {
    if (this.options.env['REDIS_URL']) throw new Error('There is no Redis of ours that could be emptied.');
    const client = createClient({ url: this.redisUrl, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    await client.flushAll();
    client.destroy();
  }

  /** Cuts every connection to a database of ours; returns how many there were. */
  async cutConnections(database: string): Promise<number> {
    const client = new pg.Client({ connectionString: this.postgres.url });
    await client.connect();
    try {
      const cut = await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
        [database],
      );
      return cut.rowCount ?? 0;
    } finally {
      await client.end();
    }
  }

  private async startDatabases(secrets: StackSecrets): Promise<Partial<PerService<string>>> {
    const urls = new Map<string, string>();
    for (const { name, prefix } of DATABASE_SERVICES) {
      const external = this.options.env[`${prefix}_DATABASE_URL`];
      if (external) urls.set(name, external);
    }
    const own = DATABASE_SERVICES.filter(({ name }) => !urls.has(name)).map(({ name, database = '' }) => ({
      name,
      owned: { database, role: database, password: secrets.databasePasswords[name as ServiceName] },
    }));
    this.ownsDatabases = own.length > 0;
    if (this.ownsDatabases) {
      await this.postgres.start();
      const { url } = this.postgres;
      await ensureDatabases(
        url,
        own.map(({ owned }) => owned),
      );
      for (const { name, owned } of own) urls.set(name, databaseUrl(url, owned));
    }
    return Object.fromEntries(urls);
  }
}
