import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Database } from './database.js';
import type { Queries } from './queries.js';

/** Any number that no other use of advisory locks takes. */
const MIGRATION_LOCK = 7_021_990;
const MIGRATION_FILE = /^\d{4}_[a-z0-9_]+\.sql$/;

const PLATFORM_MIGRATIONS = new URL('../../migrations/', import.meta.url);

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/**
 * Brings a database up to date: first the platform's tables, then the service's own. Files are applied in
 * order of their number, each in its own transaction, by one process at a time.
 * @throws Error when a file that was applied has changed since, for migrations only go forward, and when a
 *   file's name would keep it from being applied
 */
export async function migrate(database: Database, directory: URL): Promise<void> {
  await migrateScope(database, 'platform', await readMigrations(PLATFORM_MIGRATIONS));
  await migrateScope(database, 'service', await readMigrations(directory));
}

async function readMigrations(directory: URL): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const misnamed = names.find((name) => !MIGRATION_FILE.test(name));
  if (misnamed !== undefined)
    throw new Error(`Migration ${misnamed} is not named like 0001_create_things.sql.`);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, directory), 'utf8');
      return {
        name: basename(name, '.sql'),
        text,
        checksum: createHash('sha256').update(text).digest('hex'),
      };
    }),
  );
}

async function migrateScope(
  database: Database,
  scope: string,
  migrations: readonly Migration[],
): Promise<void> {
  for (const migration of migrations) {
    await database.transaction(async (tx) => {
      // Neither a long migration nor the wait for another process's is cut short.
      await tx.execute('set local statement_timeout = 0');
      await tx.execute('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await tx.execute(
        `create table if not exists schema_migrations (
           scope text not null,
           name text not null,
           checksum text not null,
           applied_at timestamptz not null default now(),
           constraint schema_migrations_pkey primary key (scope, name)
         )`,
      );
      await applyOnce(tx, scope, migration);
    });
  }
}

async function applyOnce(tx: Queries, scope: string, { name, text, checksum }: Migration): Promise<void> {
  const applied = await tx.maybeRow<{ checksum: string }>(
    'select checksum from schema_migrations where scope = $1 and name = $2',
    [scope, name],
  );
  if (applied === undefined) {
    await tx.execute(text);
    await tx.execute('insert into schema_migrations (scope, name, checksum) values ($1, $2, $3)', [
      scope,
      name,
      checksum,
    ]);
  } else if (applied.checksum !== checksum) {
    throw new Error(
      `Migration ${scope}/${name} was changed after it had been applied; write a new one instead.`,
    );
  }
}
