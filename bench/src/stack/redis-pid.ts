import { createClient } from 'redis';

/** The process id of a Redis server. */
export async function redisPid(url: string): Promise<number> {
  const client = await createClient({ url }).connect();
  try {
    return Number(/^process_id:(\d+)/m.exec(await client.info('server'))?.[1]);
  } finally {
    client.destroy();
  }
}
