import pg from 'pg';

/** A database and the role that owns it. */
export interface OwnedDatabase {
  readonly database: string;
  readonly role: string;
  readonly password: string;
}

/**
 * Creates each role and the database it owns where missing, sets the password, and closes the database to every
 * other role. Safe to repeat.
 */
export async function ensureDatabases(adminUrl: string, databases: readonly OwnedDatabase[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const owned of databases) await ensureDatabase(client, owned);
  } finally {
    await client.end();
  }
}

async function ensureDatabase(client: pg.Client, { database, role, password }: OwnedDatabase): Promise<void> {
  const name = pg.escapeIdentifier(database);
  const owner = pg.escapeIdentifier(role);
  const secret = pg.escapeLiteral(password);
  const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  await client.query(`${roles.rowCount ? 'ALTER' : 'CREATE'} ROLE ${owner} LOGIN PASSWORD ${secret}`);
  const existing = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (!existing.rowCount) await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  // PostgreSQL lets every role connect to every database unless told otherwise.
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
}

/** The same server's connection string for another database and role. */
export function databaseUrl(adminUrl: string, { database, role, password }: OwnedDatabase): string {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  url.pathname = `/${database}`;
  return url.href;
}
