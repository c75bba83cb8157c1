import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentedPorts, undocumentedPorts } from './ports/port-plan.js';
import { SupervisedProcess, type UnexpectedExit } from './processes/supervised-process.js';
import { waitFor } from './processes/wait-for.js';
import {
  perService,
  SERVICES,
  type PerService,
  type ServiceDefinition,
  type ServiceName,
} from './services.js';
import { SetupError } from './setup.errors.js';
import { isReady } from './stack/health.js';
import { removeStackData } from './stack/reset.js';
import { loadSecrets, type StackSecrets } from './stack/secrets.js';
import {
  serviceEnvironment,
  serviceUrl,
  type Environment,
  type StackFacts,
} from './stack/service-environment.js';
import { StackLock } from './stack/stack-lock.js';
import { StackServers } from './stack/stack-servers.js';

/** What happens inside a stack that its owner may want to hear of. */
export type StackEvent =
  | { readonly type: 'installing-redis' }
  | { readonly type: 'starting-services' }
  | { readonly type: 'server-died'; readonly server: 'PostgreSQL' | 'Redis'; readonly restarting: boolean }
  | { readonly type: 'service-died'; readonly service: ServiceName; readonly exit: UnexpectedExit };

/** How to run a stack. */
export interface LocalStackOptions {
  /** The checkout, with the nine built services in it. */
  readonly rootDir: string;
  /** Holds data, secrets and logs; `.local` in the checkout or, when not persistent, a temporary folder. */
  readonly dataDir?: string;
  /** `documented` takes each service's port from its variable or its default, `free` takes any. */
  readonly ports: 'documented' | 'free';
  /** False forgets the data at the end and does not protect it from a power cut, for tests. */
  readonly persistent: boolean;
  /** Stands for this process's environment. */
  readonly env?: Environment;
  /** Further variables for single services. */
  readonly serviceEnv?: Partial<PerService<Readonly<Record<string, string>>>>;
  readonly onEvent?: (event: StackEvent) => void;
}

const HEALTH_INTERVAL_MS = 150;
const RESTART_TIMEOUT_MS = 30_000;
const GATEWAY_HEAD_START_MS = 500;

/**
 * PostgreSQL, Redis and the nine services as processes of this machine, watched over until `stop`. A stack lives
 * once: for another start, make another.
 */
export class LocalStack {
  private readonly dataDir: string;
  private readonly logDir: string;
  private readonly env: Environment;
  private readonly lock: StackLock;
  private readonly servers: StackServers;
  private readonly processes = new Map<ServiceName, SupervisedProcess>();
  private facts: StackFacts | undefined;
  private starting: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: LocalStackOptions) {
    this.dataDir = resolve(options.dataDir ?? defaultDataDir(options));
    this.logDir = join(this.dataDir, 'logs');
    this.env = options.env ?? process.env;
    this.lock = new StackLock(join(this.dataDir, 'stack.lock'));
    this.servers = new StackServers({
      dataDir: this.dataDir,
      logDir: this.logDir,
      durable: options.persistent,
      env: this.env,
      onInstallRedis: () => options.onEvent?.({ type: 'installing-redis' }),
      onDeath: (server, restarting) => options.onEvent?.({ type: 'server-died', server, restarting }),
    });
  }

  /** The base address of each service. */
  get urls(): PerService<string> {
    const { ports } = this.started();
    return perService(({ name }) => serviceUrl(ports[name as ServiceName]));
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

  /** The process id of a service, unless it is dead at this moment. */
  pid(service: ServiceName): number | undefined {
    return this.supervised(service).pid;
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
    for (const process of this.processes.values()) process.killNow();
    this.servers.killNow();
    this.lock.release();
  }

  /** Stops a service as a deployment would, starts it again and waits until it is ready. */
  async restart(service: ServiceName): Promise<void> {
    await this.stopService(service);
    await this.startService(service);
  }

  /** Stops a service until `startService`. */
  stopService(service: ServiceName): Promise<void> {
    return this.supervised(service).stop();
  }

  /**
   * Starts a service that was stopped, or has died, and waits until it is ready.
   * @param variables on top of its own, until it is stopped
   */
  async startService(service: ServiceName, variables?: Readonly<Record<string, string>>): Promise<void> {
    this.supervised(service).start(variables);
    await this.waitUntilReady([service], RESTART_TIMEOUT_MS);
  }

  /** Ends a service as a crash would; the supervisor starts it again. */
  kill(service: ServiceName): Promise<void> {
    return this.supervised(service).kill();
  }

  /** Waits until every service is ready. @throws SetupError that names those that are not after `timeoutMs`. */
  waitUntilHealthy(timeoutMs = 60_000): Promise<void> {
    return this.waitUntilReady([...this.processes.keys()], timeoutMs);
  }

  /** Which services are ready at this moment. */
  async health(): Promise<PerService<boolean>> {
    const { urls } = this;
    const ready = await Promise.all(SERVICES.map(({ name }) => isReady(urls[name])));
    return perService((_service, index) => ready[index] ?? false);
  }

  private async startAll(): Promise<void> {
    this.assertBuilt();
    this.lock.acquire();
    const ports = this.options.ports === 'free' ? await undocumentedPorts() : await documentedPorts(this.env);
    await mkdir(this.logDir, { recursive: true });
    const secrets = loadSecrets(join(this.dataDir, 'secrets.json'));
    this.assertNotStopping();
    const databaseUrls = await this.servers.start(secrets);
    this.assertNotStopping();
    this.facts = { env: this.env, ports, secrets, redisUrl: this.servers.redisUrl, databaseUrls };
    this.options.onEvent?.({ type: 'starting-services' });
    for (const service of SERVICES) this.launch(service, this.facts);
  }

  private launch(service: ServiceDefinition, facts: StackFacts): void {
    const name = service.name as ServiceName;
    const cwd = resolve(this.options.rootDir, name);
    const program = {
      script: join(cwd, 'dist', 'main.js'),
      cwd,
      env: { ...serviceEnvironment(service, facts), ...this.options.serviceEnv?.[name] },
      logFile: join(this.logDir, `${name}.log`),
    };
    const process = new SupervisedProcess(program, (exit) =>
      this.options.onEvent?.({ type: 'service-died', service: name, exit }),
    );
    this.processes.set(name, process);
    process.start();
  }

  private async stopAll(): Promise<void> {
    // What a start in progress has begun is only known when it ends; it ends early, because we are stopping.
    await this.starting?.catch(() => undefined);
    // The gateway goes first: it takes no new requests while those that it has still find the services behind it.
    const gateway = this.processes.get('api-gateway');
    const gatewayStop = gateway?.stop();
    await Promise.race([gatewayStop, sleep(GATEWAY_HEAD_START_MS)]);
    const others = [...this.processes.values()].filter((process) => process !== gateway);
    await Promise.all([gatewayStop, ...others.map((process) => process.stop())]);
    await this.servers.stop();
    // Without the lock the folder is another stack's, whose start came first.
    const wasOurs = this.lock.release();
    if (wasOurs && !this.options.persistent) await removeStackData(this.dataDir);
  }

  private async waitUntilReady(services: readonly ServiceName[], timeoutMs: number): Promise<void> {
    const { urls } = this;
    const missing = new Set(services);
    await waitFor(
      async () => {
        await Promise.all(
          [...missing].map(async (name) => (await isReady(urls[name])) && missing.delete(name)),
        );
        return missing.size === 0 || this.stopping !== undefined;
      },
      timeoutMs,
      HEALTH_INTERVAL_MS,
    );
    this.assertNotStopping();
    if (missing.size === 0) return;
    throw new SetupError(`Not ready: ${[...missing].join(', ')}. The logs in ${this.logDir} say why.`);
  }

  private assertBuilt(): void {
    const missing = SERVICES.filter(
      ({ name }) => !existsSync(join(this.options.rootDir, name, 'dist', 'main.js')),
    );
    if (missing.length === 0) return;
    throw new SetupError(`Not built: ${missing.map(({ name }) => name).join(', ')}. Run: npm run build`);
  }

  private assertNotStopping(): void {
    if (this.stopping !== undefined) throw new SetupError('The stack is being stopped.');
  }

  private started(): StackFacts {
    if (this.facts === undefined) throw new Error('The stack has not been started.');
    return this.facts;
  }

  private supervised(service: ServiceName): SupervisedProcess {
    const process = this.processes.get(service);
    if (process === undefined) throw new Error('The stack has not been started.');
    return process;
  }
}

function defaultDataDir({ rootDir, persistent }: LocalStackOptions): string {
  return persistent ? join(rootDir, '.local') : join(tmpdir(), `flight-booking-stack-${randomUUID()}`);
}
