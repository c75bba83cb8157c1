import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { currentContext } from '../context/request-context.js';
import type { Queries } from '../postgres/queries.js';
import type { Job } from './job.js';

/** When and how often a job runs. */
export interface AddJobOptions {
  /** Not before this instant, which is a fact that others know too; at once when absent. */
  readonly runAt?: Date;
  /** Not before so long has passed, by the database's clock, which is the one that the queue goes by. */
  readonly afterMs?: number;
  /** A job of the same key that has not begun yet is replaced, so that there is one of it. */
  readonly key?: string;
}

/**
 * The SQL call that adds a job, for statements that write a row and its job at once. It takes the seven values of
 * {@link addJobValues}, and yields nothing.
 * @param data a JSON expression: what the job is told, such as `json_build_object('parcel_id', parcel_id)`
 * @param first the number of the first of the seven parameters
 * @param keySql makes an SQL expression of the parameter of option `key`, where each of several jobs has a key of its own, of
 *   which the option says the form; without it the option is the key
 */
export function addJobSql(data: string, first: number, keySql = (option: string): string => option): string {
  const parameter = (i: number): string => `$${first + i}`;
  const others = [1, 2, 3, 4, 5].map(parameter).join(', ');
  return `queue_job(${parameter(0)}, ${data}, ${others}, ${keySql(parameter(6))})`;
}

/** The values of {@link addJobSql}: which job, the request that causes it, and when it runs. */
export function addJobValues(job: Job, options: AddJobOptions = {}): unknown[] {
  const context = currentContext();
  return [
    job.name,
    context?.requestId ?? randomUUID(),
    context?.traceId ?? randomUUID().replaceAll('-', ''),
    options.runAt ?? null,
    options.afterMs ?? null,
    job.maxAttempts,
    options.key ?? null,
  ];
}

/**
 * The statement that takes the job of a key back, for a `with` clause of the statement that records that its work is
 * done. A job that is being worked on stays: whoever works on it finds nothing to do.
 * @param key an SQL expression
 * @param change the name of another part of that clause: the job is taken back only if it yields a row
 */
export const takeBackJobSql = (key: string, change?: string): string =>
  `delete from graphile_worker._private_jobs
   where locked_by is null and key = ${change === undefined ? key : `(select ${key}::text from ${change})`}`;

const TAKE_BACK_JOB = { name: 'platform-take-back-job', text: takeBackJobSql('$1') };
const ADD_JOB = { name: 'platform-add-job', text: `select ${addJobSql('$1::json', 2)}` };

/**
 * Adds durable work, and takes back what has no work left. Given a transaction, the job exists exactly when the
 * transaction commits; that is the only way in which anything may be caused to happen after a commit.
 */
export class JobQueue {
  async add<Payload extends z.ZodType>(
    queries: Queries,
    job: Job<Payload>,
    data: z.input<Payload>,
    options: AddJobOptions = {},
  ): Promise<void> {
    await queries.execute(ADD_JOB, [JSON.stringify(data), ...addJobValues(job, options)]);
  }

  /**
   * Takes the job of a key back. Given the transaction that records that its work is done, there is no moment at which
   * the work is not done and nothing would do it. A job that is being worked on stays, and finds nothing to do.
   * @returns whether there was one that nobody worked on
   */
  async takeBack(tx: Queries, key: string): Promise<boolean> {
    return (await tx.execute(TAKE_BACK_JOB, [key])) === 1;
  }
}
