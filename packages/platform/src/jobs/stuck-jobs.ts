import type { Queries } from '../postgres/queries.js';
import { aboutParameterSql } from './job-sql.js';

/** Durable work that nothing tries any more. */
export interface StuckJob {
  readonly stuckId: number;
  /** The kind of job. */
  readonly job: string;
  /** What the job was told. */
  readonly data: unknown;
  /** Why the last attempt failed. */
  readonly reason: string;
  readonly attempts: number;
  readonly stuckAt: Date;
}

/** What jobs are about: those that were told this id in this field, and deliveries of events whose data has it. */
export interface JobSubject {
  readonly field: string;
  readonly id: number;
}

/** Which stuck jobs are meant; all that are not resolved, if nothing is said. */
interface StuckJobFilter {
  readonly about?: JobSubject;
  /** Only jobs that got stuck after this one. */
  readonly after?: number | undefined;
  readonly limit?: number;
}

/** The queue's own tables are its private affair; the version of it is pinned, and this is tested against it. */
const MOVE = `
  with exhausted as (
    delete from graphile_worker._private_jobs as jobs using graphile_worker._private_tasks as tasks
    where tasks.id = jobs.task_id and jobs.attempts >= jobs.max_attempts and jobs.locked_by is null
    returning tasks.identifier, jobs.payload, jobs.max_attempts, jobs.attempts, jobs.last_error,
      -- The queue takes the key and all attempts from a job that a newer one replaced while it was at work.
      jobs.key is null and jobs.payload ->> 'key' is not null as replaced
  )
  insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
  select identifier, payload, max_attempts, attempts, coalesce(last_error, 'The process that worked on it died.')
  from exhausted where not replaced
  returning stuck_id as "stuckId", job, payload -> 'data' as data, reason, attempts, stuck_at as "stuckAt"`;

const OPEN = {
  name: 'platform-open-stuck-jobs',
  text: `
    select stuck_id as "stuckId", job, payload -> 'data' as data, reason, attempts, stuck_at as "stuckAt"
    from stuck_jobs
    where resolved_at is null and stuck_id > $1
      and ($2::text is null or ${aboutParameterSql('$2')} = $3)
    order by stuck_id limit $4`,
};

const RESOLVE = `
  update stuck_jobs set resolved_at = now(), resolution = $2 where stuck_id = $1 and resolved_at is null`;

/**
 * The work of a service's own database that was given up after the last attempt allowed. It is visible there, with
 * the reason, until somebody has it tried again or declares it settled.
 */
export class StuckJobs {
  /** Moves what the queue has given up on out of the queue. @returns what was moved */
  async collect(queries: Queries): Promise<StuckJob[]> {
    return queries.rows<StuckJob>(MOVE);
  }

  /** Those that nobody has resolved, in the order in which they got stuck. */
  async open(queries: Queries, { about, after, limit }: StuckJobFilter = {}): Promise<StuckJob[]> {
    const id = about === undefined ? null : String(about.id);
    return queries.rows<StuckJob>(OPEN, [after ?? 0, about?.field ?? null, id, limit ?? null]);
  }

  /** How many nobody has resolved. */
  async count(queries: Queries): Promise<number> {
    return (await queries.row<{ count: number }>('select count(*) from stuck_jobs where resolved_at is null'))
      .count;
  }

  /** Puts a job back into the queue, with all its attempts. @returns false when it was resolved already */
  async retry(tx: Queries, stuckId: number): Promise<boolean> {
    if (!(await this.resolve(tx, stuckId, 'retried'))) return false;
    await tx.execute(
      `select graphile_worker.add_job(
         job, payload::json, max_attempts => max_attempts, job_key => payload ->> 'key')
       from stuck_jobs where stuck_id = $1`,
      [stuckId],
    );
    return true;
  }

  /**
   * Puts every stuck job about something back into the queue.
   * @returns the names of those that were put back, in the order in which they got stuck; one that somebody else has
   * resolved meanwhile is not among them
   */
  async retryAbout(tx: Queries, about: JobSubject): Promise<string[]> {
    const retried: string[] = [];
    for (const { stuckId, job } of await this.open(tx, { about }))
      if (await this.retry(tx, stuckId)) retried.push(job);
    return retried;
  }

  /** Declares a job settled. @returns false when it was already */
  async resolve(tx: Queries, stuckId: number, resolution: string): Promise<boolean> {
    return (await tx.execute(RESOLVE, [stuckId, resolution])) === 1;
  }
}
