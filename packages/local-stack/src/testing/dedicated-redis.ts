import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RedisCluster } from '../redis/redis-cluster.js';
import { withRedis } from '../redis/redis-client.js';
import { RedisServer } from '../redis/redis-server.js';
import { makeTestFolder } from './test-folders.js';
import { REDIS_KIND_VARIABLE } from './test-servers.js';

/** A Redis that a test has to itself and may crash. */
export interface DedicatedRedis {
  /** One address, or those of a cluster separated by commas. */
  readonly url: string;
  /** Removes every key. */
  flush(): Promise<void>;
  /** Kills it, or one master of a cluster; resolves when it is back in the same place, without its keys. */
  crash(): Promise<void>;
  /** Ends it. */
  release(): Promise<void>;
}

/** Which master a crash of a cluster takes. */
const CRASHED_MASTER = 1;

/** Starts a Redis, or a cluster where the project of the test says so. */
export async function createDedicatedRedis(
  kind = process.env[REDIS_KIND_VARIABLE] ?? 'single',
): Promise<DedicatedRedis> {
  const home = makeTestFolder('redis');
  const release = async (server: { stop(): Promise<void> }) => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
  if (kind === 'cluster') {
    const cluster = new RedisCluster({ home });
    await cluster.start();
    return {
      url: cluster.url,
      flush: () => cluster.flush(),
      crash: () => cluster.restartMaster(CRASHED_MASTER, { crash: true }),
      release: () => release(cluster),
    };
  }
  const server = new RedisServer({ home, logFile: join(home, 'redis.log'), durable: false });
  await server.start();
  return {
    url: server.url,
    flush: () => withRedis(server.url, async (client) => void (await client.flushAll())),
    crash: () => server.restart({ crash: true }),
    release: () => release(server),
  };
}
