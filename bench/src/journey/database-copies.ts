import { SERVICES, type ServiceName } from '@flight-booking/local-stack';
import type { BenchStack } from '../stack/bench-stack.js';
import { query } from '../stack/query.js';
import type { DatabaseUrls } from './replay.js';

/**
 * Copies the databases of the services, for statements that must not meet their job runners. PostgreSQL copies only what
 * nobody is connected to, so the services stop for it and start again.
 */
export async function copyDatabases(
  bench: BenchStack,
  services: readonly ServiceName[],
): Promise<DatabaseUrls> {
  const { stack } = bench;
  await bench.stopServices();
  const urls: DatabaseUrls = {};
  for (const service of services) {
    const url = new URL(stack.postgresUrl(service));
    const name = url.pathname.slice(1);
    const copy = `bench_${name}`;
    await query(
      stack.adminPostgresUrl,
      `create database ${copy} template ${name} owner ${name} strategy file_copy`,
    );
    const admin = new URL(stack.adminPostgresUrl);
    admin.pathname = `/${copy}`;
    await query(admin.href, 'vacuum analyze');
    url.pathname = `/${copy}`;
    urls[service] = url.href;
  }
  await bench.startServices();
  return urls;
}

/** The services that have a database. */
export const DATABASE_SERVICES: readonly ServiceName[] = SERVICES.map(({ name }) => name).filter(
  (name): name is Exclude<ServiceName, 'api-gateway'> => name !== 'api-gateway',
);
