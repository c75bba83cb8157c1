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
const HEALTH_KEY = 'health';

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
    this.client.on('error', (error: unknown) =>
      this.logger.warn({ err: error }, 'the Redis connection broke'),
    );
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

  async check(): Promise<void> {
    await this.client.exists(HEALTH_KEY);
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

function clusterOf(urls: readonly string[], reconnectStrategy: ReconnectStrategy): RedisClusterType {
  return createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: { disableOfflineQueue: true, socket: { reconnectStrategy, connectTimeout: 2_000 } },
  });
}
