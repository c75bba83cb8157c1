import { createClient } from 'redis';
import { leaseTestCluster } from './test-cluster.js';
import { REDIS_KIND_VARIABLE, REDIS_VARIABLE, testServerUrl } from './test-servers.js';

/** A logical Redis database of one test file's own, or a cluster. */
export interface TestRedis {
  /** One address, or those of a cluster separated by commas. */
  readonly url: string;
  /** Removes every key, and none of another test. */
  flush(): Promise<void>;
  /** Empties the database and gives it back. */
  release(): Promise<void>;
}

type Client = ReturnType<typeof createClient>;

const COUNTER = 'flight-booking-test:counter';
const lease = (index: number) => `flight-booking-test:lease:${index}`;

/** Takes an unused logical database of the run's shared Redis, or a cluster where the project of the test says so. */
export function createTestRedis(): Promise<TestRedis> {
  return process.env[REDIS_KIND_VARIABLE] === 'cluster' ? leaseTestCluster() : leaseTestDatabase();
}

/** Database 0 keeps the leases. */
async function leaseTestDatabase(): Promise<TestRedis> {
  const serverUrl = testServerUrl(REDIS_VARIABLE);
  const index = await withDatabase(serverUrl, 0, allocate);
  const flush = () => withDatabase(serverUrl, index, async (client) => void (await client.flushDb()));
  return {
    url: urlOf(serverUrl, index),
    flush,
    release: async () => {
      await flush();
      await withDatabase(serverUrl, 0, async (client) => void (await client.del(lease(index))));
    },
  };
}

async function allocate(client: Client): Promise<number> {
  const { databases } = await client.configGet('databases');
  const usable = Number(databases) - 1;
  for (let attempt = 0; attempt < usable; attempt++) {
    const index = ((await client.incr(COUNTER)) % usable) + 1;
    const taken = (await client.set(lease(index), process.pid, { condition: 'NX' })) === null;
    if (!taken && (await isEmpty(client, index))) return index;
  }
  throw new Error(`All ${usable} test databases of this Redis are taken or hold keys.`);
}

/** A Redis that is not ours may hold somebody's data, and a test would flush it. */
async function isEmpty(client: Client, index: number): Promise<boolean> {
  await client.select(index);
  const keys = await client.dbSize();
  await client.select(0);
  return keys === 0;
}

async function withDatabase<T>(
  serverUrl: string,
  index: number,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = createClient({ url: urlOf(serverUrl, index) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client as Client);
  } finally {
    client.destroy();
  }
}

function urlOf(serverUrl: string, index: number): string {
  const url = new URL(serverUrl);
  url.pathname = `/${index}`;
  return url.href;
}
