import { setTimeout as sleep } from 'node:timers/promises';
import { withRedis } from '../redis/redis-client.js';
import type { TestRedis } from './test-redis.js';
import { CLUSTERS_VARIABLE, REDIS_VARIABLE, testServerUrl } from './test-servers.js';

const lease = (index: number) => `flight-booking-test:cluster-lease:${index}`;
/** A test file that was killed gives nothing back; none that lives takes this long. */
const LEASE_MS = 300_000;
const PATIENCE_MS = 120_000;
const RETRY_MS = 50;

/** Takes one of the run's clusters for a test alone; waits while all are taken. */
export async function leaseTestCluster(): Promise<TestRedis> {
  const clusters = testServerUrl(CLUSTERS_VARIABLE).split(/\s+/);
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const index = await takeOne(clusters.length);
    if (index !== undefined) return clusterOf(clusters[index] ?? '', index);
    await sleep(RETRY_MS);
  }
  throw new Error(`All ${clusters.length} test clusters were taken for ${PATIENCE_MS} ms.`);
}

/** The leases lie in the run's single Redis: a flush of a cluster takes everything that is in it. */
function takeOne(count: number): Promise<number | undefined> {
  return withRedis(testServerUrl(REDIS_VARIABLE), async (client) => {
    const expiration = { type: 'PX', value: LEASE_MS } as const;
    for (let index = 0; index < count; index += 1) {
      const taken = await client.set(lease(index), process.pid, { condition: 'NX', expiration });
      if (taken !== null) return index;
    }
    return undefined;
  });
}

function clusterOf(url: string, index: number): TestRedis {
  const flush = async () => {
    const masters = url.split(',');
    await Promise.all(
      masters.map((master) => withRedis(master, async (client) => void (await client.flushAll()))),
    );
  };
  return {
    url,
    flush,
    release: async () => {
      await flush();
      await withRedis(testServerUrl(REDIS_VARIABLE), async (client) => void (await client.del(lease(index))));
    },
  };
}
