import { createClient } from 'redis';

/** A connection to one server. */
export type RedisConnection = ReturnType<typeof createClient>;

const CONNECT_TIMEOUT_MS = 2_000;

/** Connects to a server for as long as `use` takes; fails at once when it does not answer. */
export async function withRedis<T>(url: string, use: (client: RedisConnection) => Promise<T>): Promise<T> {
  const client = createClient({
    url,
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client as RedisConnection);
  } finally {
    if (client.isOpen) client.destroy();
  }
}

/** False also while the server still loads its append-only file: it accepts connections then, and refuses commands. */
export async function redisAnswers(url: string): Promise<boolean> {
  return withRedis(url, (client) => client.ping()).then(
    () => true,
    () => false,
  );
}
