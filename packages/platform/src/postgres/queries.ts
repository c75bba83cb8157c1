import { translated } from './postgres.errors.js';

/** A statement: its text alone, or named so that a connection prepares it once. */
export type Sql = string | { readonly name: string; readonly text: string };

/** A row by column name. */
export type Row = Record<string, unknown>;

/** Anything that runs statements: the pool, or one transaction. */
export interface Queries {
  /** All rows. */
  rows<R extends object = Row>(sql: Sql, values?: readonly unknown[]): Promise<R[]>;
  /** The first row, if there is one. */
  maybeRow<R extends object = Row>(sql: Sql, values?: readonly unknown[]): Promise<R | undefined>;
  /** The first row. @throws Error when there is none, which is a fault of the caller's */
  row<R extends object = Row>(sql: Sql, values?: readonly unknown[]): Promise<R>;
  /** How many rows the statement touched. */
  execute(sql: Sql, values?: readonly unknown[]): Promise<number>;
}

/** What a `pg` client and pool have in common. */
export interface PgQueryable {
  query(config: {
    text: string;
    values: unknown[];
    name?: string;
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** {@link Queries} over a `pg` pool or client. */
export class PgQueries implements Queries {
  constructor(private readonly pg: PgQueryable) {}

  async rows<R extends object = Row>(sql: Sql, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.run(sql, values)).rows as R[];
  }

  async maybeRow<R extends object = Row>(sql: Sql, values: readonly unknown[] = []): Promise<R | undefined> {
    return (await this.run(sql, values)).rows[0] as R | undefined;
  }

  async row<R extends object = Row>(sql: Sql, values: readonly unknown[] = []): Promise<R> {
    const row = await this.maybeRow<R>(sql, values);
    if (row === undefined)
      throw new Error(`A row was expected of: ${typeof sql === 'string' ? sql : sql.name}`);
    return row;
  }

  async execute(sql: Sql, values: readonly unknown[] = []): Promise<number> {
    return (await this.run(sql, values)).rowCount ?? 0;
  }

  private async run(
    sql: Sql,
    values: readonly unknown[],
  ): Promise<{ rows: unknown[]; rowCount: number | null }> {
    const statement = typeof sql === 'string' ? { text: sql } : sql;
    try {
      return await this.pg.query({ ...statement, values: values as unknown[] });
    } catch (error) {
      throw translated(error);
    }
  }
}
