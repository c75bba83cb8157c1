import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, createCluster, type RedisClientType, type RedisClusterType } from 'redis';
import type { HealthCheck } from '../health/health.js';
import type { Logger } from '../logging/logger.js';

/** One server or a cluster: the commands that services use are the same. */
export type RedisClient = RedisClientType | RedisClusterType;

const CONNECT_PATIENCE_MS = 30_000;
const CONNECT_RETRY_MS = 200;
const MAX_RECONNECT_DELAY_MS = 2_000;
const COMMAND_QUEUE_LIMIT = 10_000;

/** A client of a cluster tells of a server of it that is away under a name of its own. */
const OUTAGE_EVENTS = ['error', 'node-error'] as const;

/** A service's Redis, single or cluster by the form of its URL. */
export class RedisStore implements HealthCheck {
  readonly name = 'redis';
  readonly client: RedisClient;
  private starting: Promise<void> | undefined;
  /** Until the first connection there is an end to patience; after it, the client reconnects for ever. */
  private giveUpAt = Infinity;

  /** @param url one `redis://` address, or several of a cluster separated by commas */
  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    const reconnectStrategy = (retries: number): number | Error =>
      Date.now() > this.giveUpAt ? new Error('Redis did not answer in time.') : reconnectDelay(retries);
    this.client = url.includes(',')
      ? clusterOf(url.split(','), reconnectStrategy)
      : singleOf(url, reconnectStrategy);
    // node-redis reconnects by itself; without a listener an error event would end the process.
    this.onOutage((error) => this.logger.warn({ err: error }, 'the Redis connection broke'));
  }

  /** Calls back whenever a server was away, for it may have forgotten what it knew. */
  onOutage(listener: (error: unknown) => void): void {
    for (const event of OUTAGE_EVENTS) this.client.on(event, listener);
  }

  /** Waits until the server answers, for it may still be starting. */
  start(patienceMs = CONNECT_PATIENCE_MS): Promise<void> {
    this.starting ??= this.connect(Date.now() + patienceMs);
    return this.starting;
  }

  /** Ends a start that is under way, too. */
  async stop(): Promise<void> {
    const { starting } = this;
    this.starting = undefined;
    if (this.client.isOpen) this.client.destroy();
    await starting?.catch(() => undefined);
    // A cluster that was being discovered when it was told to end connects to its servers all the same.
    if ('masters' in this.client) this.client.destroy();
  }

  private async connect(giveUpAt: number): Promise<void> {
    this.giveUpAt = giveUpAt;
    for (;;) {
      try {
        await this.client.connect();
        this.giveUpAt = Infinity;
        return;
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
        await sleep(CONNECT_RETRY_MS);
        if (this.starting === undefined) return;
      }
    }
  }

  /** Of a cluster whose servers are not all away, callers can still have a part. */
  async check(): Promise<void> {
    const { client } = this;
    if (!('masters' in client)) return void (await client.ping());
    await Promise.any(client.masters.map(async (master) => (await client.nodeClient(master)).ping()));
  }
}

type ReconnectStrategy = (retries: number) => number | Error;

const reconnectDelay = (retries: number): number =>
  Math.min(50 * 2 ** Math.min(retries, 6), MAX_RECONNECT_DELAY_MS);

/** While Redis is away, commands fail at once rather than queue: every caller has an answer for that. */
function singleOf(url: string, reconnectStrategy: ReconnectStrategy): RedisClientType {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMAND_QUEUE_LIMIT,
    socket: { reconnectStrategy, connectTimeout: 2_000 },
  });
}

/** The addresses lead to the other servers of the cluster, who take the same name and password. */
function clusterOf(urls: readonly string[], reconnectStrategy: ReconnectStrategy): RedisClusterType {
  const { username, password, protocol } = new URL(urls[0] ?? '');
  const socket = { reconnectStrategy, connectTimeout: 2_000 };
  return createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: {
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      disableOfflineQueue: true,
      commandsQueueMaxLength: COMMAND_QUEUE_LIMIT,
      socket: protocol === 'rediss:' ? { ...socket, tls: true } : socket,
    },
  });
}
