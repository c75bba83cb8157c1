import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RedisCluster } from '../redis/redis-cluster.js';
import { makeTestFolder } from './test-folders.js';
import { CLUSTERS_VARIABLE } from './test-servers.js';

/** As many as test files run at once; one that wants two at once waits for another to end. */
const CLUSTERS = 3;

/** Vitest's global setup for tests on Redis Cluster, beside the one for all tests. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = makeTestFolder('cluster');
  const clusters = Array.from(
    { length: CLUSTERS },
    (_, index) => new RedisCluster({ home: join(folder, `cluster-${index}`) }),
  );
  const teardown = async () => {
    await Promise.allSettled(clusters.map((cluster) => cluster.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const starts = await Promise.allSettled(clusters.map((cluster) => cluster.start()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await teardown();
    throw failed.reason;
  }
  process.env[CLUSTERS_VARIABLE] = clusters.map(({ url }) => url).join(' ');
  return teardown;
}
