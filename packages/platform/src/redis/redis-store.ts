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
  private running = false;

  /** @param url one `redis://` address, or several of a cluster separated by commas */
  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    this.client = url.includes(',') ? clusterOf(url.split(',')) : singleOf(url);
    // node-redis reconnects by itself; without a listener an error event would end the process.
    this.client.on('error', (error: unknown) =>
      this.logger.warn({ err: error }, 'the Redis connection broke'),
    );
  }

  /** Waits until the server answers, for it may still be starting. */
  async start(patienceMs = CONNECT_PATIENCE_MS): Promise<void> {
    if (this.running) return;
    this.running = true;
    const giveUpAt = Date.now() + patienceMs;
    while (this.running) {
      try {
        await this.client.connect();
        return;
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
        await sleep(CONNECT_RETRY_MS);
      }
    }
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    this.client.destroy();
    await Promise.resolve();
  }

  async check(): Promise<void> {
    await this.client.exists(HEALTH_KEY);
  }
}

const reconnectStrategy = (retries: number): number =>
  Math.min(50 * 2 ** Math.min(retries, 6), MAX_RECONNECT_DELAY_MS);

/** While Redis is away, commands fail at once rather than queue: every caller has an answer for that. */
function singleOf(url: string): RedisClientType {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMAND_QUEUE_LIMIT,
    socket: { reconnectStrategy, connectTimeout: 2_000 },
  }) as RedisClientType;
}

function clusterOf(urls: readonly string[]): RedisClusterType {
  return createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: { disableOfflineQueue: true, socket: { reconnectStrategy, connectTimeout: 2_000 } },
  }) as RedisClusterType;
}
