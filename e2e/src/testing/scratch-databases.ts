import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseUrl, ensureDatabases, PostgresServer, SERVICES } from '@flight-booking/local-stack';
import { makeTestFolder } from '@flight-booking/local-stack/testing';
import pg from 'pg';
import type { DatabaseUrls } from '../audit/audit-databases.js';
import { AUDITED_SERVICES, type AuditedService } from '../audit/invariant.js';
import { ROOT } from '../api/openapi-document.js';

/** The part of the queue's tables that an auditor reads. */
const QUEUE = `
  create schema graphile_worker;
  create table graphile_worker._private_jobs (
    id bigint generated always as identity, payload json not null default '{}', task_identifier text,
    run_at timestamptz not null default now(), attempts integer not null default 0);
  create view graphile_worker.jobs as select id, task_identifier, run_at, attempts from graphile_worker._private_jobs;`;

/** Every rule that would refuse what an auditor is to find: constraints, and columns that must not be empty. */
const LOOSEN = `
  do $$
  declare rule record;
  begin
    for rule in select conrelid::regclass as place, conname from pg_constraint
      where contype in ('f', 'c', 'p', 'u') and conrelid <> 0
        and connamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    loop
      execute format('alter table %s drop constraint if exists %I cascade', rule.place, rule.conname);
    end loop;
    for rule in select attrelid::regclass as place, attname as conname from pg_attribute
      join pg_class on pg_class.oid = attrelid
      where attnotnull and attnum > 0 and attidentity = '' and relkind = 'r'
        and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    loop
      execute format('alter table %s alter column %I drop not null', rule.place, rule.conname);
    end loop;
    for rule in select indexrelid::regclass as place, '' as conname from pg_index
      join pg_class on pg_class.oid = indexrelid
      where indisunique and relnamespace not in
        ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace, 'information_schema'::regnamespace)
    loop
      execute format('drop index %s', rule.place);
    end loop;
  end $$`;

/** Databases with the tables of all services, in which anything may be written, however wrong. */
export class ScratchDatabases {
  private readonly clients = new Map<AuditedService, pg.Client>();
  private folder = '';
  private server: PostgresServer | undefined;
  private found: Partial<Record<AuditedService, string>> = {};

  get urls(): DatabaseUrls {
    return this.found as DatabaseUrls;
  }

  async start(): Promise<void> {
    this.folder = makeTestFolder('audit');
    this.server = new PostgresServer({
      home: join(this.folder, 'postgres'),
      logFile: join(this.folder, 'postgres.log'),
      durable: false,
    });
    await this.server.start();
    const names = new Map(
      SERVICES.map((service) => [service.name, 'database' in service ? service.database : '']),
    );
    const owned = AUDITED_SERVICES.map((name) => {
      const database = names.get(name) ?? '';
      return { name, database, role: database, password: randomBytes(12).toString('hex') };
    });
    await ensureDatabases(this.server.url, owned);
    for (const one of owned) {
      this.found[one.name] = databaseUrl(this.server.url, one);
      await this.prepare(one.name, one.database, this.server.url, one.role);
    }
  }

  /** Writes past all guards. */
  async plant(service: AuditedService, sql: string): Promise<void> {
    await this.clients.get(service)?.query(sql);
  }

  /** Forgets everything that was planted. */
  async clear(): Promise<void> {
    for (const client of this.clients.values()) {
      const { rows } = await client.query<{ place: string }>(
        `select quote_ident(schemaname) || '.' || quote_ident(tablename) as place from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      await client.query(`truncate ${rows.map(({ place }) => place).join(', ')}`);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.end()));
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async prepare(
    service: AuditedService,
    database: string,
    serverUrl: string,
    role: string,
  ): Promise<void> {
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    this.clients.set(service, client);
    await client.query(`set role ${role}`);
    for (const folder of ['packages/platform', service]) {
      const migrations = new URL(`${folder}/migrations/`, ROOT);
      for (const file of (await readdir(migrations)).filter((name) => name.endsWith('.sql')).toSorted())
        await client.query(await readFile(new URL(file, migrations), 'utf8'));
    }
    await client.query(QUEUE);
    await client.query(LOOSEN);
    await client.query('reset role');
    // Triggers do not fire for a replica, and what is planted is to be found by looking, not refused.
    await client.query('set session_replication_role = replica');
  }
}
