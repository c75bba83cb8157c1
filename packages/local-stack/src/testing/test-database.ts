import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseUrl, ensureDatabases } from '../postgres/ensure-databases.js';
import { POSTGRES_VARIABLE, testServerUrl } from './test-servers.js';

/** A database of one test file's own. */
export interface TestDatabase {
  /** Connects as the database's owner, which can do nothing outside of it. */
  readonly url: string;
  /** Removes the database and its owner, disconnecting whoever is still there. */
  drop(): Promise<void>;
}

/** Creates an empty database with an owner role, on the run's shared PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = testServerUrl(POSTGRES_VARIABLE);
  const name = `test_${randomBytes(8).toString('hex')}`;
  const owned = { database: name, role: name, password: randomBytes(16).toString('hex') };
  await ensureDatabases(adminUrl, [owned]);
  return { url: databaseUrl(adminUrl, owned), drop: () => drop(adminUrl, name) };
}

async function drop(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${name}`);
  } finally {
    await client.end();
  }
}
