import type { PoolClient } from 'pg';
import type { Logger } from '../logging/logger.js';
import type { Database } from '../postgres/database.js';
import type { StuckJobs } from './stuck-jobs.js';

const SWEEP_INTERVAL_MS = 2_000;
/** A pool that has just begun may hold jobs before it holds its lock. */
const GRACE = '5 seconds';
/** However often a job has failed, it is tried again within this time, so that work goes on soon after an outage. */
const LONGEST_BACKOFF = '15 seconds';

/** A pool that has not been heard of for so long is given up, whatever has become of its connection. */
const SILENCE = '20 seconds';
const BEAT = `
  insert into job_pools as pool (pool_id) select unnest($1::text[])
  on conflict (pool_id) do update set beat_at = now()`;
const FORGET_POOLS = `delete from job_pools where beat_at < now() - interval '1 day'`;

const ORPHANED_POOLS = `
  with holders as (
    select distinct locked_by, beat_at from graphile_worker._private_jobs left join job_pools on pool_id = locked_by
    where locked_by is not null and locked_at < now() - interval '${GRACE}'
  )
  select locked_by from holders
  where beat_at < now() - interval '${SILENCE}' or pg_try_advisory_xact_lock(hashtextextended(locked_by, 0))`;

/** How long the queue may take to note that a job is done. */
const COMPLETION_MS = 5_000;
const FORGOTTEN_JOBS = `
  update graphile_worker._private_jobs set locked_at = null, locked_by = null
  where locked_by = any($1) and locked_at < now() - interval '${GRACE}' and not (id = any($2::bigint[]))`;

const SHORTEN_BACKOFF = `
  select graphile_worker.reschedule_jobs(array_agg(id), run_at => now() + random() * interval '${LONGEST_BACKOFF}')
  from graphile_worker.jobs
  where attempts > 0 and attempts < max_attempts and locked_by is null
    and run_at > now() + interval '${LONGEST_BACKOFF}'
  having count(*) > 0`;

/**
 * Gives back what a killed process held, and takes out of the queue what was tried as often as it may be. The queue
 * marks a job with the id of the pool that works on it and would wait four hours for a pool that is gone. Here each
 * pool holds an advisory lock on its id for as long as its connection lives; whoever can take that lock knows that the
 * pool is dead and frees its jobs.
 *
 * A process that hangs, or whose machine is lost, keeps its connection and so its locks. So each pool also says at
 * every sweep that it lives, and one that has been silent for long loses its jobs too; they may then be worked on
 * twice, which every job has to bear anyway.
 *
 * A living pool can hold a job unknowingly, when its connection broke after the queue had given the job and before
 * it was heard. What it holds without working on it is given back too.
 */
export class JobReaper {
  /** Jobs that nobody has resolved since nothing tries them any more, as of the last sweep. */
  stuck = 0;
  private readonly poolIds: string[] = [];
  /** Jobs that are being worked on, and until when those that ended count as such. */
  private readonly working = new Map<number, number>();
  private client: PoolClient | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly stuckJobs: StuckJobs,
    private readonly logger: Logger,
    private readonly sweepIntervalMs = SWEEP_INTERVAL_MS,
  ) {}

  /** Names a pool of this process, whose lock it must hold. */
  guard(poolId: string): void {
    this.poolIds.push(poolId);
  }

  /** A job of this process's pools is being worked on from now. */
  began(jobId: number): void {
    this.working.set(jobId, Infinity);
  }

  /** The work on a job is over, and the queue is being told. */
  ended(jobId: number): void {
    this.working.set(jobId, Date.now() + COMPLETION_MS);
  }

  async start(): Promise<void> {
    if (this.timer !== undefined) return;
    await this.holdLocks();
    await this.database.execute(FORGET_POOLS);
    // While the database is slow, one sweep waits for it rather than ever more of them.
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweepOnce();
    }, this.sweepIntervalMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.sweeping;
    this.client?.release(true);
    this.client = undefined;
  }

  private async sweepOnce(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.logger.warn({ err: error }, 'orphaned jobs could not be looked for');
    } finally {
      this.sweeping = undefined;
    }
  }

  private async sweep(): Promise<void> {
    if (this.client === undefined) await this.holdLocks();
    await this.database.execute(BEAT, [this.poolIds]);
    const orphaned = await this.database.rows<{ locked_by: string }>(ORPHANED_POOLS);
    if (orphaned.length > 0) {
      const pools = orphaned.map((row) => row.locked_by);
      await this.database.execute('select graphile_worker.force_unlock_workers($1)', [pools]);
      this.logger.warn({ pools }, 'jobs of a process that died were given back');
    }
    await this.database.execute(FORGOTTEN_JOBS, [this.poolIds, this.jobsAtWork()]);
    await this.database.execute(SHORTEN_BACKOFF);
    for (const { job, stuckId, reason } of await this.stuckJobs.collect(this.database))
      this.logger.error({ job, stuck_id: stuckId, reason }, 'a job is stuck: somebody must look at it');
    this.stuck = await this.stuckJobs.count(this.database);
  }

  private jobsAtWork(): number[] {
    for (const [jobId, until] of this.working) if (until < Date.now()) this.working.delete(jobId);
    return [...this.working.keys()];
  }

  /** The locks live as long as this one connection; when it breaks, the next sweep takes them anew. */
  private async holdLocks(): Promise<void> {
    const client = await this.database.pool.connect();
    try {
      for (const poolId of this.poolIds) {
        await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [poolId]);
      }
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.client = client;
    client.once('error', () => {
      if (this.client !== client) return;
      this.client = undefined;
      client.release(true);
    });
  }
}
