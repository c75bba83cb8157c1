import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { HealthCheck } from '../health/health.js';
import type { Logger } from '../logging/logger.js';
import { isRetryable } from './pg-errors.js';
import { translated } from './postgres.errors.js';
import { PgQueries, type Queries, type Row, type Sql } from './queries.js';

/** How to reach a service's own database. */
export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
}

const CONNECT_PATIENCE_MS = 30_000;
const CONNECT_RETRY_MS = 200;
const CONNECTION_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
const MAX_ATTEMPTS = 5;
const RETRY_BASE_MS = 10;
/** The type `bigint[]`, which `pg` has no name for. */
const INT8_ARRAY = 1016;

/** Whole numbers come as numbers: every bigint of ours is an id or an amount of paise, both below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (Number(oid) === pg.types.builtins.INT8) return Number;
    const parse: (value: string) => unknown = pg.types.getTypeParser(oid, format);
    return Number(oid) === INT8_ARRAY ? (value: string) => deepNumber(parse(value)) : parse;
  },
};

/** The parser for arrays yields strings, nested as the array is, and null for null. */
function deepNumber(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepNumber);
  return value === null ? null : Number(value);
}

/**
 * A service's PostgreSQL: a pool, transactions, of which a statement by itself is one, with bounded retry, and a health
 * check.
 */
export class Database implements Queries, HealthCheck {
  readonly name = 'postgres';
  /** The pool itself, for libraries that bring their own statements. */
  readonly pool: pg.Pool;
  private readonly queries: Queries;
  private stopped: Promise<void> | undefined;

  constructor(
    options: DatabaseOptions,
    private readonly logger: Logger,
  ) {
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      application_name: options.applicationName,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      keepAlive: true,
      types,
    });
    // Without a listener, an idle connection that the server cuts would end the process.
    this.pool.on('error', (error) => this.logger.warn({ err: error }, 'an idle database connection broke'));
    this.pool.on('connect', (client) => {
      client.on('error', (error) => this.logger.warn({ err: error }, 'a database connection broke'));
    });
    this.queries = new PgQueries(this.pool);
  }

  /** Waits until the server answers, for it may still be starting. */
  async start(): Promise<void> {
    const giveUpAt = Date.now() + CONNECT_PATIENCE_MS;
    for (;;) {
      try {
        await this.check();
        return;
      } catch (error) {
        if (Date.now() > giveUpAt || this.stopped !== undefined) throw error;
        await sleep(CONNECT_RETRY_MS);
      }
    }
  }

  stop(): Promise<void> {
    this.stopped ??= this.pool.end();
    return this.stopped;
  }

  async check(): Promise<void> {
    await this.pool.query('select 1');
  }

  rows<R extends object = Row>(sql: Sql, values?: readonly unknown[]): Promise<R[]> {
    return retried(() => this.queries.rows<R>(sql, values));
  }

  maybeRow<R extends object = Row>(sql: Sql, values?: readonly unknown[]): Promise<R | undefined> {
    return retried(() => this.queries.maybeRow<R>(sql, values));
  }

  row<R extends object = Row>(sql: Sql, values?: readonly unknown[]): Promise<R> {
    return retried(() => this.queries.row<R>(sql, values));
  }

  execute(sql: Sql, values?: readonly unknown[]): Promise<number> {
    return retried(() => this.queries.execute(sql, values));
  }

  /**
   * Runs work in one transaction. Serialization failures and deadlocks run it again, a bounded number of
   * times, so the work must not touch anything outside the transaction.
   */
  transaction<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result> {
    return retried(() => this.attempt(work));
  }

  private async attempt<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(new PgQueries(client));
      const { command } = await client.query('commit');
      // PostgreSQL answers the commit of a transaction in which a statement failed with a quiet rollback.
      if (command !== 'COMMIT')
        throw new Error('The transaction was rolled back: a statement in it had failed.');
      return result;
    } catch (error) {
      // A connection that cannot even roll back is thrown away rather than pooled.
      await client.query('rollback').catch((rollbackError: Error) => (broken = rollbackError));
      throw translated(error);
    } finally {
      client.release(broken);
    }
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw translated(error);
    }
  }
}

/** Runs a transaction again that others at the same time kept from going through; nothing of it is left then. */
async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(RETRY_BASE_MS * 2 ** attempt * Math.random());
    }
  }
}
