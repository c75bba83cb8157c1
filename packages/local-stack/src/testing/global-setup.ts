import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresServer } from '../postgres/postgres-server.js';
import { installedRedis } from '../redis/redis-program.js';
import { RedisServer } from '../redis/redis-server.js';
import { makeTestFolder, removeAbandonedFolders } from './test-folders.js';
import { POSTGRES_VARIABLE, REDIS_VARIABLE } from './test-servers.js';

/**
 * Vitest's global setup: one PostgreSQL and one Redis for the whole run, gone when it ends. Missing
 * infrastructure fails the run. The servers that one project has started serve the next.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[POSTGRES_VARIABLE] !== undefined) return () => Promise.resolve();
  await removeAbandonedFolders();
  const folder = makeTestFolder('run');
  const options = (name: string) => ({
    home: join(folder, name),
    logFile: join(folder, `${name}.log`),
    durable: false,
  });
  const postgres = new PostgresServer(options('postgres'));
  const redis = new RedisServer({ ...options('redis'), externalUrl: externalRedis() });
  const teardown = async () => {
    await Promise.allSettled([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([postgres.start(), redis.start()]);
  } catch (error) {
    await teardown();
    throw error;
  }
  process.env[POSTGRES_VARIABLE] = postgres.url;
  process.env[REDIS_VARIABLE] = redis.url;
  return teardown;
}

/** A developer's own Redis is left alone as long as the tests can have one to themselves. */
function externalRedis(): string | undefined {
  return installedRedis() === undefined ? process.env['REDIS_URL'] : undefined;
}
