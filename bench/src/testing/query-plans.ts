import type { ServiceName } from '@flight-booking/local-stack';
import pg from 'pg';
import type { RecordedStatement } from '../journey/recorded-statement.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** These stay small however many bookings there are, or are read as a whole on purpose. */
const SMALL_TABLES = ['airports', 'airlines', '_private_tasks', '_private_known_crontabs', 'signing_keys'];

/**
 * Has the planner believe that every table has so many rows: it reckons with the rows of a page, as they were last
 * counted, times the pages that there really are. One page and a million rows cost nothing to make, unlike a million rows.
 */
const PRETEND_LARGE = `
  update pg_class set reltuples = 1000000, relpages = 1
  from pg_namespace
  where relnamespace = pg_namespace.oid and relkind = 'r' and nspname not in ('pg_catalog', 'information_schema')`;

/** And that an id is that of a few rows, not of half of a table, which it assumes of what it has no statistics of. */
const PRETEND_DISTINCT = `
  select pg_restore_attribute_stats(
    'schemaname', nspname::text, 'relname', relname::text, 'attname', attname::text, 'inherited', false,
    'null_frac', 0::real, 'avg_width', 8, 'n_distinct', (-0.3)::real)
  from pg_class
  join pg_namespace on relnamespace = pg_namespace.oid
  join pg_attribute on attrelid = pg_class.oid
  where relkind = 'r' and nspname not in ('pg_catalog', 'information_schema')
    and attnum > 0 and not attisdropped and attname ~ '(_id|_number)$'`;

const TRANSACTION = /^\s*(begin|commit|rollback|savepoint|listen|set )/i;

/**
 * Statements that read a large table from end to end, however the values are: as `service: table: statement`.
 * @param adminUrl the superuser's connection string of each service's database
 */
export async function sequentialScans(
  statements: readonly RecordedStatement[],
  adminUrl: (service: ServiceName) => string,
): Promise<string[]> {
  const found = new Set<string>();
  for (const service of new Set(statements.map((statement) => statement.service))) {
    const texts = new Set(
      statements.filter((statement) => statement.service === service).map(({ text }) => text),
    );
    const client = new pg.Client(adminUrl(service));
    await client.connect();
    try {
      // Nobody else sees what the planner is made to believe, for it is never committed.
      await client.query('begin');
      await client.query(PRETEND_LARGE);
      await client.query(PRETEND_DISTINCT);
      for (const text of texts) {
        if (TRANSACTION.test(text)) continue;
        for (const table of await scannedBy(client, text))
          found.add(`${service}: ${table}: ${text.replaceAll(/\s+/g, ' ').trim()}`);
      }
      await client.query('rollback');
    } finally {
      await client.end();
    }
  }
  return [...found];
}

/**
 * A table without any page cannot be pretended to be large, and the planner is right to read all of nothing. There it is
 * asked whether it has another way at all.
 */
async function scannedBy(client: pg.Client, text: string): Promise<string[]> {
  const scanned = scannedTables(await planOf(client, text));
  if (scanned.length === 0) return [];
  const { rows } = await client.query<{ table: string }>(
    `select relname as table from pg_class where relname = any($1) and relkind = 'r' and pg_relation_size(oid) = 0`,
    [scanned],
  );
  const empty = new Set(rows.map(({ table }) => table));
  await client.query('set local enable_seqscan = off');
  const unavoidable = new Set(scannedTables(await planOf(client, text)));
  await client.query('set local enable_seqscan = on');
  return scanned.filter((table) => !empty.has(table) || unavoidable.has(table));
}

async function planOf(client: pg.Client, text: string): Promise<Plan> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
    `explain (generic_plan, format json) ${text}`,
  );
  const [answer] = rows[0]?.['QUERY PLAN'] ?? [];
  if (answer === undefined) throw new Error(`There is no plan of: ${text}`);
  return answer.Plan;
}

function scannedTables(plan: Plan): string[] {
  const table = plan['Relation Name'] ?? '';
  const own = plan['Node Type'] === 'Seq Scan' && !SMALL_TABLES.includes(table) ? [table] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scannedTables)];
}
