import type { Express } from 'express';
import { ServiceTokens } from '../auth/service-tokens.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { overNetwork, throughSockets, type Connect } from '../client/connect.js';
import { ServiceClient } from '../client/service-client.js';
import { forgetConsumedEventsHandler } from '../events/forget-consumed-events.job.js';
import { EventPublisher, type Subscribers } from '../events/event-publisher.js';
import type { LocalServers } from '../hosting/local-servers.js';
import { Health } from '../health/health.js';
import { AnswersAtHand } from '../http/answers-at-hand.js';
import { createApp } from '../http/app.js';
import { HttpServer, type Answering } from '../http/http-server.js';
import { describeRoutes } from '../http/openapi.js';
import { operationalRoutes } from '../http/operational-routes.js';
import { RequestLog } from '../http/request-log.js';
import type { Route, RouteSource } from '../http/route.js';
import { forgetIdempotencyKeysHandler } from '../idempotency/forget-idempotency-keys.job.js';
import { IdempotencyKeyRepository } from '../idempotency/idempotency-key.repository.js';
import { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { JobQueue } from '../jobs/job-queue.js';
import { JobRunner, type JobHandler } from '../jobs/job-runner.js';
import { StuckJobController } from '../jobs/stuck-job.controller.js';
import { StuckJobs } from '../jobs/stuck-jobs.js';
import { createLogger, type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Database } from '../postgres/database.js';
import { migrate } from '../postgres/migrate.js';
import { RedisStore } from '../redis/redis-store.js';
import { SystemClock, type Clock } from '../time/clock.js';
import { wholeOf, type Lifecycle } from './lifecycle.js';

/** The part of every service's configuration that the platform needs; see `commonVariables`. */
export interface CommonConfig {
  readonly LOG_LEVEL: string;
  readonly LOG_SAMPLE_RATE: number;
  readonly HOST: string;
  readonly PORT: number;
  readonly SOCKET_FOLDER?: string | undefined;
  readonly AUTH_URL: readonly string[];
  readonly JWT_ISSUER: string;
  readonly JWT_AUDIENCE: string;
  readonly SERVICE_CLIENT_ID: string;
  readonly SERVICE_CLIENT_SECRET: string;
  readonly SHUTDOWN_TIMEOUT_MS: number;
}

/** See `databaseVariables`. */
export interface DatabaseConfig {
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL_SIZE: number;
  readonly JOB_CONCURRENCY: number;
}

/** What a service is given by whoever starts it, besides its configuration. */
export interface Surroundings {
  /** The system's clock unless given. */
  readonly clock?: Clock;
  /** The servers of the process, where it holds several services. */
  readonly locals?: LocalServers;
}

/** What a process can run. */
export interface Runnable extends Lifecycle {
  readonly name: string;
  readonly logger: Logger;
  readonly shutdownTimeoutMs: number;
  /** The port that it answers on, once started. */
  readonly port: number;
}

/** A service, ready to start. */
export interface Service extends Runnable {
  /** The paths of its OpenAPI document; known without starting. */
  readonly openapiPaths: Record<string, Record<string, unknown>>;
  /** The same of what other services alone may call, which no customer is told of. */
  readonly internalPaths: Record<string, Record<string, unknown>>;
}

/** The path under which auth-service publishes the public half of its signing keys. */
export const JWKS_PATH = '/api/auth/.well-known/jwks.json';

/**
 * What every service is built with, made in one place: a service's composition takes the parts it needs,
 * adds its own, and hands its routes back. Parts start in the order in which they were asked for.
 */
export class ServiceKit {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health = new Health();
  readonly clock: Clock;
  readonly jobs = new JobQueue();
  readonly stuckJobRepository = new StuckJobs();
  readonly verifier: TokenVerifier;
  /** How other services are reached. */
  readonly connect: Connect;
  private readonly requestLog: RequestLog;
  private readonly tokens: ServiceTokens;
  private readonly parts: Lifecycle[] = [];

  constructor(
    private readonly name: string,
    private readonly config: CommonConfig,
    private readonly surroundings: Surroundings = {},
  ) {
    this.logger = createLogger(name, config.LOG_LEVEL);
    this.metrics = new Metrics(name);
    const { locals } = surroundings;
    const onThisMachine =
      config.SOCKET_FOLDER === undefined ? overNetwork : throughSockets(config.SOCKET_FOLDER);
    this.connect = locals === undefined ? onThisMachine : locals.connectOr(onThisMachine);
    this.clock = surroundings.clock ?? new SystemClock();
    this.requestLog = new RequestLog(this.logger, this.metrics, config.LOG_SAMPLE_RATE);
    this.verifier = new TokenVerifier({
      jwksUrls: config.AUTH_URL.map((address) => `${address}${JWKS_PATH}`),
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
    });
    this.tokens = new ServiceTokens({
      authUrls: config.AUTH_URL,
      clientId: config.SERVICE_CLIENT_ID,
      clientSecret: config.SERVICE_CLIENT_SECRET,
    });
    this.add(this.metrics);
  }

  /** Adds a part of the service's own, which starts after those added before. */
  add<Part extends Lifecycle>(part: Part): Part {
    this.parts.push(part);
    return part;
  }

  /** The service's own database, migrated when it starts. */
  database(config: DatabaseConfig, migrations: URL): Database {
    const options = {
      url: config.DATABASE_URL,
      poolSize: config.DATABASE_POOL_SIZE,
      applicationName: this.name,
    };
    const database = this.add(new Database(options, this.logger));
    this.add({ start: () => migrate(database, migrations), stop: async () => {} });
    this.health.add(database);
    this.metrics.gauge(
      'postgres_pool_connections',
      'Connections of the pool.',
      () => database.pool.totalCount,
    );
    this.metrics.gauge('postgres_pool_idle', 'Idle connections of the pool.', () => database.pool.idleCount);
    this.metrics.gauge(
      'postgres_pool_waiting',
      'Callers waiting for a connection.',
      () => database.pool.waitingCount,
    );
    return database;
  }

  /** Redis; without it the service neither starts nor is ready, or is degraded when it is `optional`. */
  redis(url: string, options: { readonly optional?: boolean } = {}): RedisStore {
    const store = new RedisStore(url, this.logger);
    this.add(options.optional === true ? inBackground(store, this.logger) : store);
    this.health.add(store, options);
    return store;
  }

  /** A client of another service. */
  client(upstream: string, addresses: readonly string[]): ServiceClient {
    return this.add(
      new ServiceClient({ upstream, addresses, connect: this.connect }, this.tokens, this.metrics),
    );
  }

  /** Publishes events to the services given. */
  events(subscribers: Subscribers): EventPublisher {
    return new EventPublisher(this.name, subscribers, this.jobs, this.clock);
  }

  /** Works off the durable jobs of the service's database. */
  jobRunner(database: Database, config: DatabaseConfig, handlers: readonly JobHandler[]): JobRunner {
    const options = { concurrency: config.JOB_CONCURRENCY, stuckJobs: this.stuckJobRepository };
    const upkeep = [forgetConsumedEventsHandler(database), forgetIdempotencyKeysHandler(database)];
    return this.add(new JobRunner(database, [...handlers, ...upkeep], options, this.metrics, this.logger));
  }

  /** Keeps the keys of requests that must take effect once, in the service's own database. */
  idempotencyKeys(database: Database): IdempotencyKeys {
    return new IdempotencyKeys(database, new IdempotencyKeyRepository(), this.config.SERVICE_CLIENT_SECRET);
  }

  /** Lets operators see the work that the service has given up on, below the path that the gateway knows it by. */
  stuckJobs(database: Database, prefix: string): RouteSource {
    return new StuckJobController({ service: this.name, prefix }, database, this.stuckJobRepository);
  }

  /** The finished service: everything that was asked for, and an HTTP server with the routes given. */
  service(sources: readonly RouteSource[]): Service {
    const own = sources.flatMap(({ routes }) => routes);
    const app = this.app([...own, ...operationalRoutes(this.health, this.metrics)]);
    const atHand = new AnswersAtHand(own, this.verifier, this.requestLog);
    return this.serve({ app, listener: atHand.before(app) }, own);
  }

  /** An app with these routes; for a service that puts more in front of it than routes. */
  app(routes: readonly Route[]): Express {
    const { verifier, logger, requestLog } = this;
    return createApp({ routes, verifier, logger, requestLog });
  }

  /** The finished service around an app of its own making. */
  serve(answering: Answering, documented: readonly Route[]): Service {
    const server = this.add(
      new HttpServer(answering, {
        host: this.config.HOST,
        port: this.config.PORT,
        socketFolder: this.config.SOCKET_FOLDER,
        locals: this.surroundings.locals,
      }),
    );
    const { name, logger, config, parts } = this;
    return {
      name,
      logger,
      shutdownTimeoutMs: config.SHUTDOWN_TIMEOUT_MS,
      get port() {
        return server.port;
      },
      openapiPaths: describeRoutes(documented.filter((route) => !isInternal(route))),
      internalPaths: describeRoutes(documented.filter(isInternal)),
      ...wholeOf(parts),
    };
  }
}

const isInternal = ({ path }: Route): boolean => path.startsWith('/internal/');

/** Nobody waits for what the service can do without: it connects when it can. */
const inBackground = (store: RedisStore, logger: Logger): Lifecycle => ({
  start: () => {
    store
      .start(Infinity)
      .catch((error: unknown) => logger.error({ err: error }, 'Redis cannot be connected to'));
    return Promise.resolve();
  },
  stop: () => store.stop(),
});
