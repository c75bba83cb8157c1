import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@flight-booking/local-stack/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Database } from '../postgres/database.js';
import { migrate } from '../postgres/migrate.js';
import { defineJob } from './job.js';
import { JobQueue } from './job-queue.js';
import { JobReaper } from './job-reaper.js';
import { JobRunner, handleJob } from './job-runner.js';
import { StuckJobs } from './stuck-jobs.js';

const send = defineJob('send-parcel', z.strictObject({ parcel: z.int() }));
const logger = createLogger('test', 'silent');
const queue = new JobQueue();
const stuckJobs = new StuckJobs();
const SWEEP_INTERVAL_MS = 100;
/** In which it is swept more than once, also on a busy machine. */
const SOME_SWEEPS_MS = 1_000;
let home: TestDatabase;
const databases: Database[] = [];

const connect = (applicationName: string): Database => {
  const made = new Database({ url: home.url, poolSize: 6, applicationName }, logger);
  databases.push(made);
  return made;
};
const runnerOf = (database: Database, work: () => Promise<void>): JobRunner =>
  new JobRunner(
    database,
    [handleJob(send, work)],
    { concurrency: 1, stuckJobs, sweepIntervalMs: SWEEP_INTERVAL_MS },
    new Metrics('test'),
    logger,
  );

/** As if the job had been taken a while ago, so that no test waits for the grace. */
const age = (database: Database): Promise<number> =>
  database.execute(
    `update graphile_worker._private_jobs set locked_at = locked_at - interval '10 seconds' where locked_by is not null`,
  );
const heldJobs = async (database: Database): Promise<number> =>
  (
    await database.row<{ held: number }>(
      'select count(*) as held from graphile_worker._private_jobs where locked_by is not null',
    )
  ).held;

beforeEach(async () => {
  home = await createTestDatabase();
  // The platform's migrations alone: the folder named holds none.
  await migrate(connect('migrating'), new URL('./', import.meta.url));
});
afterEach(async () => {
  await Promise.all(databases.splice(0).map((database) => database.stop()));
  await home.drop();
});

const built = (file: string): string => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);

/** A process that takes a job, says so, and never finishes it. It runs what `npm run build` made. */
const STUCK_PROCESS = `
  import { z } from 'zod';
  import { Database, Metrics, createLogger, defineJob, handleJob } from ${built('index.js')};
  import { JobRunner } from ${built('jobs/job-runner.js')};
  import { StuckJobs } from ${built('jobs/stuck-jobs.js')};
  const logger = createLogger('stuck', 'silent');
  const database = new Database({ url: process.env.DATABASE_URL, poolSize: 6, applicationName: 'stuck' }, logger);
  const stuck = handleJob(defineJob('send-parcel', z.unknown()), async () => {
    console.log('begun');
    await new Promise(() => {});
  });
  const options = { concurrency: 1, stuckJobs: new StuckJobs(), sweepIntervalMs: ${SWEEP_INTERVAL_MS} };
  await new JobRunner(database, [stuck], options, new Metrics('stuck'), logger).start();
`;

const children: ChildProcessByStdio<null, Readable, null>[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

function startStuckProcess(): ChildProcessByStdio<null, Readable, null> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', STUCK_PROCESS], {
    env: { ...process.env, DATABASE_URL: home.url },
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

test('a job that a killed process held is done by a living one within seconds, and a living one’s is left alone', async () => {
  const stuck = startStuckProcess();
  const database = connect('living');
  // The runner brings the queue's tables, and has no hand in the job until it is started again.
  const other = runnerOf(database, async () => {});
  await other.start();
  await other.stop();
  await queue.add(database, send, { parcel: 1 });
  await once(stuck.stdout, 'data');

  let done = 0;
  const survivor = runnerOf(database, async () => void (done += 1));
  await survivor.start();
  await age(database);
  await sleep(SOME_SWEEPS_MS);
  expect([done, await heldJobs(database)]).toEqual([0, 1]);

  stuck.kill('SIGKILL');
  await expect.poll(() => done).toBe(1);
  await expect.poll(() => heldJobs(database)).toBe(0);
  await survivor.stop();
});

test('a living process whose lock connection breaks takes its lock anew', async () => {
  const [own, other] = [connect('own'), connect('other')];
  // The queue's tables come with a runner.
  const runner = runnerOf(own, async () => {});
  await runner.start();
  await runner.stop();
  const reaper = new JobReaper(own, stuckJobs, logger, SWEEP_INTERVAL_MS);
  reaper.guard('pool-1');
  await reaper.start();
  const isFree = async (): Promise<boolean> =>
    (
      await other.row<{ free: boolean }>(
        `select pg_try_advisory_xact_lock(hashtextextended('pool-1', 0)) as free`,
      )
    ).free;
  expect(await isFree()).toBe(false);
  await other.execute(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'own'`,
  );
  await expect.poll(isFree).toBe(true);
  await expect.poll(isFree).toBe(false);
  await reaper.stop();
  await expect.poll(isFree).toBe(true);
  expect(own.pool.totalCount - own.pool.idleCount).toBe(0);
});

test('while the lock cannot be had, the tries for it do not eat up the pool', async () => {
  const [own, other] = [connect('own'), connect('other')];
  const runner = runnerOf(own, async () => {});
  await runner.start();
  await runner.stop();
  own.pool.options.statement_timeout = 300;
  const reaper = new JobReaper(own, stuckJobs, logger, SWEEP_INTERVAL_MS);
  reaper.guard('pool-1');
  await reaper.start();
  await own.execute('select 1');
  await other.execute(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'own'`,
  );
  await other.transaction(async (tx) => {
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended('pool-1', 0))`);
    await sleep(3 * SOME_SWEEPS_MS);
  });
  expect(own.pool.totalCount - own.pool.idleCount).toBeLessThanOrEqual(1);
  await reaper.stop();
  expect(own.pool.totalCount - own.pool.idleCount).toBe(0);
});

test('a job that has failed often is tried again within fifteen seconds, and one that is meant for later is not', async () => {
  const database = connect('test');
  const runner = runnerOf(database, async () => {});
  await runner.start();
  const inAnHour = { runAt: new Date(Date.now() + 3_600_000) };
  await queue.add(database, send, { parcel: 1 }, { ...inAnHour, key: 'failed' });
  await queue.add(database, send, { parcel: 2 }, { ...inAnHour, key: 'later' });
  await database.execute(`update graphile_worker._private_jobs set attempts = 9 where key = 'failed'`);
  const due = async (): Promise<string[]> =>
    (
      await database.rows<{ key: string }>(
        `select key from graphile_worker._private_jobs where run_at < now() + interval '15 seconds'`,
      )
    ).map(({ key }) => key);
  const gone = async (): Promise<boolean> =>
    (await database.maybeRow(`select 1 from graphile_worker._private_jobs where key = 'failed'`)) ===
    undefined;
  await expect.poll(async () => (await due()).includes('failed') || (await gone())).toBe(true);
  expect(await due()).not.toContain('later');
  await runner.stop();
});

test('a job that its own pool holds without knowing is given back, and one that takes long is not', async () => {
  const database = connect('test');
  const worked: number[] = [];
  let release = (): void => {};
  const blocked = new Promise<void>((resolve) => (release = resolve));
  const handler = handleJob(send, async ({ parcel }) => {
    worked.push(parcel);
    if (parcel === 1) await blocked;
  });
  const runner = new JobRunner(
    database,
    [handler],
    { concurrency: 2, stuckJobs, sweepIntervalMs: SWEEP_INTERVAL_MS },
    new Metrics('test'),
    logger,
  );
  await runner.start();
  await queue.add(database, send, { parcel: 1 });
  await expect.poll(() => worked).toEqual([1]);
  // As if the answer that gave the second job had been lost: the queue says that the pool has it.
  await database.transaction(async (tx) => {
    await queue.add(tx, send, { parcel: 2 });
    await tx.execute(
      `update graphile_worker._private_jobs set locked_at = now(), attempts = 1,
         locked_by = (select locked_by from graphile_worker._private_jobs where locked_by is not null limit 1)
       where locked_by is null`,
    );
  });
  await age(database);
  await expect.poll(() => worked).toEqual([1, 2]);
  await sleep(SOME_SWEEPS_MS);
  expect(worked).toEqual([1, 2]);
  release();
  await runner.stop();
  await expect.poll(() => heldJobs(database)).toBe(0);
});

test('a process that hangs loses its jobs although its connections stand, and does no harm when it goes on', async () => {
  const hanging = startStuckProcess();
  const database = connect('living');
  const other = runnerOf(database, async () => {});
  await other.start();
  await other.stop();
  await queue.add(database, send, { parcel: 1 });
  await once(hanging.stdout, 'data');
  await expect.poll(async () => (await database.rows('select from job_pools')).length).toBeGreaterThan(0);
  hanging.kill('SIGSTOP');
  await age(database);
  await database.execute(`update job_pools set beat_at = now() - interval '21 seconds'`);
  let done = 0;
  const survivor = runnerOf(database, async () => void (done += 1));
  await survivor.start();
  await expect.poll(() => done).toBe(1);
  hanging.kill('SIGCONT');
  await expect.poll(() => heldJobs(database)).toBe(0);
  await survivor.stop();
});
