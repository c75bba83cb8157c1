import pg from 'pg';
import { AUDITED_SERVICES, type AuditedService } from './invariant.js';

/** The connection string of each database. */
export type DatabaseUrls = Readonly<Record<AuditedService, string>>;

/** A row of one side of a comparison. */
export interface KeyedRow {
  readonly key: string;
  readonly value: string;
}

const ROWS_PER_PAGE = 5_000;
const PATIENCE_MS = 10_000;

/** Reads the databases of the services, and can change nothing in them. */
export class AuditDatabases {
  private readonly pools: Readonly<Record<AuditedService, pg.Pool>>;

  constructor(readonly urls: DatabaseUrls) {
    const pools = AUDITED_SERVICES.map((service) => [service, poolOf(urls[service])]);
    this.pools = Object.fromEntries(pools) as Record<AuditedService, pg.Pool>;
  }

  /** All rows of a query, in one snapshot. */
  async rows<Row extends pg.QueryResultRow>(service: AuditedService, sql: string): Promise<Row[]> {
    return (await this.pools[service].query<Row>(sql)).rows;
  }

  /** The rows of a side in the order of their keys, a page at a time, all of one snapshot. */
  async *keyedRows(service: AuditedService, sql: string): AsyncGenerator<KeyedRow> {
    const client = await this.pools[service].connect();
    let failed = true;
    try {
      await client.query('begin isolation level repeatable read');
      await client.query(
        `declare side no scroll cursor for select * from (${sql}) as side order by key collate "C"`,
      );
      for (;;) {
        const { rows } = await client.query<KeyedRow>(`fetch ${ROWS_PER_PAGE} from side`);
        yield* rows;
        if (rows.length < ROWS_PER_PAGE) break;
      }
      await client.query('commit');
      failed = false;
    } finally {
      client.release(failed);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.pools).map((pool) => pool.end()));
  }
}

function poolOf(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: PATIENCE_MS,
    application_name: 'audit',
    options: '-c default_transaction_read_only=on -c TimeZone=UTC',
  });
  // A connection that breaks while nobody uses it is replaced when the next one is needed.
  pool.on('error', () => undefined);
  return pool;
}
