import { createLogger, RedisStore } from '@flight-booking/platform';

type Server = Exclude<RedisStore['client'], { masters: unknown }>;

/** Looks at every key of a Redis, or of all masters of a cluster. */
async function everyKey<T>(url: string, look: (server: Server, key: string) => Promise<T>): Promise<T[]> {
  const found = url.split(',').map(async (address) => {
    const store = new RedisStore(address, createLogger('test', 'silent'));
    await store.start();
    try {
      const server = store.client as Server;
      return await Promise.all((await server.keys('*')).map((key) => look(server, key)));
    } finally {
      await store.stop();
    }
  });
  return (await Promise.all(found)).flat();
}

/** What all keys take, in bytes. */
export async function bytesTaken(url: string): Promise<number> {
  const bytes = await everyKey(url, (server, key) => server.memoryUsage(key, { SAMPLES: 0 }));
  return bytes.reduce<number>((sum, some) => sum + (some ?? 0), 0);
}

/** How many members each sorted set has. */
export async function listLengths(url: string): Promise<number[]> {
  const lengths = await everyKey(url, async (server, key) =>
    (await server.type(key)) === 'zset' ? [await server.zCard(key)] : [],
  );
  return lengths.flat();
}
