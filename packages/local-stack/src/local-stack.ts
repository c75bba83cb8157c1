import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { documentedPorts, undocumentedPorts } from './ports/port-plan.js';
import type { RestartOptions } from './processes/kept-server.js';
import { copyName, perService, SERVICES, type PerService, type ServiceName } from './services.js';
import { SetupError } from './setup.errors.js';
import { isReady, notReadyAfter } from './stack/health.js';
import { removeStackData } from './stack/reset.js';
import { announceStack, withdrawStack } from './stack/running-stack.js';
import { loadSecrets, type StackSecrets } from './stack/secrets.js';
import {
  addressesAt,
  adminCredentials,
  type AdminCredentials,
  type Environment,
  type StackFacts,
} from './stack/service-environment.js';
import { ServiceFleet } from './stack/service-fleet.js';
import { makeSocketFolder } from './stack/socket-folder.js';
import { lockIn, type StackLock } from './stack/stack-lock.js';
import type { LocalStackOptions } from './stack/stack-options.js';
import { StackServers } from './stack/stack-servers.js';

const RESTART_TIMEOUT_MS = 30_000;
const MAX_REPLICAS = 4;

/**
 * PostgreSQL, Redis and the nine services, each as one copy or several, as processes of this machine, watched over
 * until `stop`. A stack lives once: for another start, make another.
 */
export class LocalStack {
  private readonly dataDir: string;
  private readonly logDir: string;
  private readonly env: Environment;
  private readonly lock: StackLock;
  private readonly servers: StackServers;
  private readonly fleet: ServiceFleet;
  private readonly replicas: number;
  private facts: StackFacts | undefined;
  private starting: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: LocalStackOptions) {
    this.dataDir = resolve(options.dataDir ?? defaultDataDir(options));
    this.logDir = join(this.dataDir, 'logs');
    this.env = options.env ?? process.env;
    this.lock = lockIn(this.dataDir);
    this.replicas = checkedReplicas(options.replicas ?? 1);
    if (options.inOneProcess === true && this.replicas > 1)
      throw new SetupError('--processes 1 holds one copy of each service; leave --replicas out.');
    this.fleet = new ServiceFleet({
      rootDir: options.rootDir,
      logDir: this.logDir,
      serviceEnv: options.serviceEnv ?? {},
      inOneProcess: options.inOneProcess ?? false,
      onDeath: (service, copy, exit) => options.onEvent?.({ type: 'service-died', service, copy, exit }),
    });
    this.servers = new StackServers({
      dataDir: this.dataDir,
      logDir: this.logDir,
      durable: options.durable ?? options.persistent,
      env: this.env,
      onInstallRedis: () => options.onEvent?.({ type: 'installing-redis' }),
      onDeath: (server, restarting) => options.onEvent?.({ type: 'server-died', server, restarting }),
    });
  }

  /** The base address of each service's first copy. */
  get urls(): PerService<string> {
    const { addresses } = this;
    return perService(({ name }) => addresses[name as ServiceName][0] ?? '');
  }

  /** The base addresses of the copies of each service. */
  get addresses(): PerService<readonly string[]> {
    return addressesAt(this.started().ports);
  }

  get redisUrl(): string {
    return this.started().redisUrl;
  }

  get secrets(): StackSecrets {
    return this.started().secrets;
  }

  /** The connection string with which a service reaches its own database. */
  postgresUrl(service: ServiceName): string {
    const url = this.started().databaseUrls[service];
    if (url === undefined) throw new Error(`${service} has no database.`);
    return url;
  }

  /** The superuser's connection string. @throws when every database is on somebody else's server */
  get adminPostgresUrl(): string {
    const url = this.servers.adminPostgresUrl;
    if (url === undefined) throw new Error('The stack runs no PostgreSQL of its own.');
    return url;
  }

  get adminCredentials(): AdminCredentials {
    return adminCredentials(this.env, this.secrets);
  }

  /** The process id of a copy of a service, unless it is dead at this moment. */
  pid(service: ServiceName, copy = 0): number | undefined {
    return this.fleet.processOf(service, copy).pid;
  }

  /**
   * Starts everything; resolves when all processes exist, which is before they are ready.
   * @throws SetupError for what the user can put right; nothing is left running then.
   */
  async start(): Promise<void> {
    this.starting ??= this.startAll();
    try {
      await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops the services, then the servers they need. Safe to call twice, and while `start` still runs. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** Ends every process at once, without waiting for it. */
  killNow(): void {
    this.fleet.killNow();
    this.servers.killNow();
    if (this.facts?.socketFolder) rmSync(this.facts.socketFolder, { recursive: true, force: true });
    if (this.lock.release()) withdrawStack(this.dataDir);
  }

  /** Stops a copy of a service as a deployment would, starts it again and waits until it is ready. */
  async restart(service: ServiceName, copy = 0): Promise<void> {
    await this.stopService(service, copy);
    await this.startService(service, undefined, copy);
  }

  /** Stops a copy of a service until `startService`. */
  stopService(service: ServiceName, copy = 0): Promise<void> {
    return this.fleet.processOf(service, copy).stop();
  }

  /**
   * Starts a copy that was stopped, or has died, and waits until it is ready.
   * @param variables on top of its own, until it is stopped
   */
  async startService(
    service: ServiceName,
    variables?: Readonly<Record<string, string>>,
    copy = 0,
  ): Promise<void> {
    this.fleet.processOf(service, copy).start(variables);
    const url = this.addresses[service][copy] ?? '';
    await this.waitUntilReady(new Map([[copyName(service, copy), url]]), RESTART_TIMEOUT_MS);
  }

  /** Ends a copy of a service as a crash would; the supervisor starts it again. */
  kill(service: ServiceName, copy = 0): Promise<void> {
    return this.fleet.processOf(service, copy).kill();
  }

  /** Ends PostgreSQL and starts it again in the same place; resolves when it accepts connections. */
  restartPostgres(options: RestartOptions): Promise<void> {
    return this.servers.restartPostgres(options);
  }

  /** Ends Redis and starts it again in the same place, empty unless the stack is durable. */
  restartRedis(options: RestartOptions): Promise<void> {
    return this.servers.restartRedis(options);
  }

  /** Removes every key from Redis, as a failover to an empty server would. */
  flushRedis(): Promise<void> {
    return this.servers.flushRedis();
  }

  /** Cuts every connection of a service to its database; returns how many there were. */
  cutDatabaseConnections(service: ServiceName): Promise<number> {
    return this.servers.cutConnections(new URL(this.postgresUrl(service)).pathname.slice(1));
  }

  /** Waits until every copy is ready. @throws SetupError that names those that are not after `timeoutMs`. */
  waitUntilHealthy(timeoutMs = 60_000): Promise<void> {
    const { addresses } = this;
    const copies = SERVICES.flatMap(({ name }) =>
      addresses[name].map((url, copy) => [copyName(name, copy), url] as const),
    );
    return this.waitUntilReady(new Map(copies), timeoutMs);
  }

  /** Which services are ready at this moment, with all of their copies. */
  async health(): Promise<PerService<boolean>> {
    const { addresses } = this;
    const ready = await Promise.all(
      SERVICES.map(async ({ name }) => (await Promise.all(addresses[name].map(isReady))).every(Boolean)),
    );
    return perService((_service, index) => ready[index] ?? false);
  }

  private async startAll(): Promise<void> {
    this.fleet.assertBuilt();
    this.lock.acquire();
    withdrawStack(this.dataDir);
    const { replicas } = this;
    const free = this.options.ports === 'free';
    const ports = free ? await undocumentedPorts(replicas) : await documentedPorts(this.env, replicas);
    await mkdir(this.logDir, { recursive: true });
    const secrets = loadSecrets(join(this.dataDir, 'secrets.json'));
    this.assertNotStopping();
    const databaseUrls = await this.servers.start(secrets);
    this.assertNotStopping();
    const reachedAt = await this.fronts(addressesAt(ports));
    // Nobody calls a service that shares one process over a socket.
    const socketFolder = this.options.inOneProcess === true ? undefined : await makeSocketFolder();
    const { redisUrl } = this.servers;
    this.facts = { env: this.env, ports, reachedAt, secrets, redisUrl, socketFolder, databaseUrls };
    this.options.onEvent?.({ type: 'starting-services' });
    this.fleet.launch(this.facts);
    announceStack(this.dataDir, {
      urls: this.urls,
      addresses: this.addresses,
      postgresUrls: databaseUrls,
      adminPostgresUrl: this.servers.adminPostgresUrl,
      redisUrl: this.redisUrl,
      adminCredentials: this.adminCredentials,
    });
  }

  /** Where everybody reaches each service: what the options stand in front of it, or its copies themselves. */
  private async fronts(addresses: PerService<readonly string[]>): Promise<PerService<string>> {
    const { frontOf = (_service, own) => own.join(',') } = this.options;
    const fronts = await Promise.all(SERVICES.map(async ({ name }) => frontOf(name, addresses[name])));
    return perService((_service, index) => fronts[index] ?? '');
  }

  private async stopAll(): Promise<void> {
    // What a start in progress has begun is only known when it ends; it ends early, because we are stopping.
    await this.starting?.catch(() => undefined);
    await this.fleet.stop();
    await this.servers.stop();
    if (this.facts?.socketFolder) await rm(this.facts.socketFolder, { recursive: true, force: true });
    // Without the lock the folder is another stack's, whose start came first.
    const wasOurs = this.lock.release();
    if (!wasOurs) return;
    withdrawStack(this.dataDir);
    if (!this.options.persistent) await removeStackData(this.dataDir);
  }

  private async waitUntilReady(copies: ReadonlyMap<string, string>, timeoutMs: number): Promise<void> {
    const missing = await notReadyAfter(timeoutMs, copies, () => this.stopping !== undefined);
    this.assertNotStopping();
    if (missing.length === 0) return;
    throw new SetupError(`Not ready: ${missing.join(', ')}. The logs in ${this.logDir} say why.`);
  }

  private assertNotStopping(): void {
    if (this.stopping !== undefined) throw new SetupError('The stack is being stopped.');
  }

  private started(): StackFacts {
    if (this.facts === undefined) throw new Error('The stack has not been started.');
    return this.facts;
  }
}

function checkedReplicas(replicas: number): number {
  if (Number.isInteger(replicas) && replicas >= 1 && replicas <= MAX_REPLICAS) return replicas;
  throw new SetupError(`--replicas has to be a whole number from 1 to ${MAX_REPLICAS}.`);
}

function defaultDataDir({ rootDir, persistent }: LocalStackOptions): string {
  return persistent ? join(rootDir, '.local') : join(tmpdir(), `flight-booking-stack-${randomUUID()}`);
}
