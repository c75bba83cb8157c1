import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@flight-booking/local-stack/testing';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { currentContext, runInContext, type RequestContext } from '../context/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import { Database } from '../postgres/database.js';
import { migrate } from '../postgres/migrate.js';
import { defineJob } from './job.js';
import { JobQueue } from './job-queue.js';
import { JobRunner, handleJob, type JobAttempt, type JobHandler } from './job-runner.js';
import { StuckJobs } from './stuck-jobs.js';

const send = defineJob('send-parcel', z.strictObject({ parcel: z.int() }), { maxAttempts: 3 });

const lines: { level: number; msg: string; request_id?: string }[] = [];
const logger = pino(
  { level: 'warn' },
  { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
);
const queue = new JobQueue();
let home: TestDatabase;
let database: Database;
const runners: JobRunner[] = [];
let metrics: Metrics;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database({ url: home.url, poolSize: 10, applicationName: 'test' }, logger);
  await database.start();
  // The platform's migrations alone: the folder named holds none.
  await migrate(database, new URL('./', import.meta.url));
  // The queue's tables come with the first start.
  const first = runnerOf([]);
  await first.start();
  await first.stop();
});
beforeEach(() => {
  lines.length = 0;
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await database.execute('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  await database.stop();
  await home.drop();
});

function runnerOf(handlers: readonly JobHandler[], concurrency = 3): JobRunner {
  metrics = new Metrics('test');
  const runner = new JobRunner(
    database,
    handlers,
    { concurrency, stuckJobs: new StuckJobs() },
    metrics,
    logger,
  );
  runners.push(runner);
  return runner;
}

const queued = (): Promise<{ key: string | null; attempts: number; soon: boolean; payload: unknown }[]> =>
  database.rows(
    `select key, attempts, run_at < now() + interval '6 seconds' as soon, payload
     from graphile_worker._private_jobs order by id`,
  );

test('a job exists exactly when the transaction that added it commits', async () => {
  await database.transaction((tx) => queue.add(tx, send, { parcel: 1 }));
  const failing = database.transaction(async (tx) => {
    await queue.add(tx, send, { parcel: 2 });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await queued()).toMatchObject([{ payload: { data: { parcel: 1 } } }]);
});

test('jobs of one key that have not begun are one job, the latest', async () => {
  await queue.add(database, send, { parcel: 1 }, { key: 'parcel' });
  await queue.add(database, send, { parcel: 2 }, { key: 'parcel' });
  await queue.add(database, send, { parcel: 3 }, { key: 'other' });
  expect(await queued()).toMatchObject([
    { key: 'parcel', payload: { data: { parcel: 2 } } },
    { key: 'other', payload: { data: { parcel: 3 } } },
  ]);
});

test('a job is taken back exactly when the transaction that does its work commits', async () => {
  await queue.add(database, send, { parcel: 1 }, { key: 'done' });
  await queue.add(database, send, { parcel: 2 }, { key: 'undone' });
  await queue.add(database, send, { parcel: 3 });
  expect(await database.transaction((tx) => queue.takeBack(tx, 'done'))).toBe(true);
  const failing = database.transaction(async (tx) => {
    expect(await queue.takeBack(tx, 'undone')).toBe(true);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await queue.takeBack(database, 'done')).toBe(false);
  expect(await queued()).toMatchObject([{ payload: { data: { parcel: 2 } } }, { key: null }]);
});

test('a job that is being taken back is not begun, and is begun if that comes to nothing', async () => {
  const sent: number[] = [];
  await queue.add(database, send, { parcel: 1 }, { key: 'parcel' });
  const failing = database.transaction(async (tx) => {
    expect(await queue.takeBack(tx, 'parcel')).toBe(true);
    await runnerOf([handleJob(send, async ({ parcel }) => void sent.push(parcel))]).start();
    await queue.add(database, send, { parcel: 2 });
    await expect.poll(() => sent).toEqual([2]);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await expect.poll(() => sent).toEqual([2, 1]);
});

test('a job that is being worked on is not taken back, and one that has failed is', async () => {
  let attempts = 0;
  let fail = (): void => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    fail = () => reject(new Error('the depot is closed'));
  });
  await runnerOf([
    handleJob(send, () => {
      attempts += 1;
      return failure;
    }),
  ]).start();
  await queue.add(database, send, { parcel: 1 }, { key: 'parcel' });
  await expect.poll(() => attempts).toBe(1);
  expect(await queue.takeBack(database, 'parcel')).toBe(false);
  fail();
  await expect.poll(pauseOfFailed).toBeGreaterThan(0);
  expect(await queue.takeBack(database, 'parcel')).toBe(true);
  expect(await queued()).toEqual([]);
});

test('a job runs soon after it was added, and one for later not before its time', async () => {
  const sent: { parcel: number; at: number }[] = [];
  await runnerOf([handleJob(send, async ({ parcel }) => void sent.push({ parcel, at: Date.now() }))]).start();
  const later = Date.now() + 1_200;
  await queue.add(database, send, { parcel: 2 }, { runAt: new Date(later) });
  await queue.add(database, send, { parcel: 1 });
  await expect.poll(() => sent.map(({ parcel }) => parcel)).toEqual([1, 2]);
  expect(sent[1]?.at).toBeGreaterThanOrEqual(later);
});

test('a job works under the request that caused it', async () => {
  const contexts: (RequestContext | undefined)[] = [];
  await runnerOf([handleJob(send, async () => void contexts.push(currentContext()))]).start();
  const context = { requestId: 'request-1', traceId: 'd'.repeat(32), userId: 7, deadlineAt: Date.now() + 1 };
  await runInContext(context, () => queue.add(database, send, { parcel: 1 }));
  // The deadline was that of somebody who waited for an answer; nobody waits for the job.
  await expect.poll(() => contexts).toEqual([{ requestId: 'request-1', traceId: 'd'.repeat(32) }]);
});

test('what is not a payload of the job never reaches its work', async () => {
  const sent: unknown[] = [];
  await runnerOf([handleJob(send, async (data) => void sent.push(data))]).start();
  await queue.add(database, send, { parcel: 'one' } as unknown as { parcel: number });
  await database.execute(`select graphile_worker.add_job('send-parcel', '{"stray": true}')`);
  await expect.poll(() => lines.filter(({ msg }) => msg.startsWith('a job failed')).length).toBe(2);
  expect(sent).toEqual([]);
});

/** How long the one job that has failed waits, in seconds; undefined until the queue has noted that it did. */
const pauseOfFailed = async (): Promise<number | undefined> =>
  (
    await database.maybeRow<{ pause: number }>(
      `select extract(epoch from run_at - now())::float as pause from graphile_worker._private_jobs
       where locked_by is null`,
    )
  )?.pause;

test('a job that fails is tried again after a growing pause, and its handler knows which try it is', async () => {
  const attempts: JobAttempt[] = [];
  await runnerOf([
    handleJob(send, async (_data, attempt) => {
      attempts.push(attempt);
      throw new Error('the depot is closed');
    }),
  ]).start();
  await queue.add(database, send, { parcel: 1 });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await expect.poll(() => attempts.length).toBe(attempt);
    await expect.poll(pauseOfFailed).toBeGreaterThan(Math.exp(attempt) - 2);
    await database.execute('update graphile_worker._private_jobs set run_at = now() where locked_by is null');
  }
  expect(attempts).toEqual([
    { attempt: 1, last: false },
    { attempt: 2, last: false },
    { attempt: 3, last: true },
  ]);
  const failures = lines.filter(({ msg }) => msg.startsWith('a job failed'));
  expect(failures.map(({ level }) => level)).toEqual([40, 40, 40]);
  const { text } = await metrics.expose();
  expect(text).toMatch(/jobs_total\{job="send-parcel",outcome="failed"[^}]*\} 3/);
});

test('stopping waits for the job that is being worked on', async () => {
  let done = false;
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const runner = runnerOf([
    handleJob(send, async () => {
      begin();
      await sleep(500);
      done = true;
    }),
  ]);
  await runner.start();
  await queue.add(database, send, { parcel: 1 });
  await begun;
  await runner.stop();
  expect(done).toBe(true);
  // The queue is told on a connection of its own, which the end of the pool waits for.
  await expect.poll(queued).toEqual([]);
});

test('two runners share the jobs, and each job is worked on once', async () => {
  const sent: number[] = [];
  const handler = handleJob(send, async ({ parcel }) => {
    sent.push(parcel);
    await sleep(5);
  });
  await Promise.all([runnerOf([handler]).start(), runnerOf([handler]).start()]);
  await Promise.all(Array.from({ length: 40 }, (_, parcel) => queue.add(database, send, { parcel })));
  await expect.poll(() => sent.length).toBe(40);
  expect(new Set(sent).size).toBe(40);
});

test('start and stop may be called twice, a stop may come during a start, and nothing is left on the pool', async () => {
  const listeners = (): number[] =>
    ['error', 'connect', 'remove'].map((name) => database.pool.listenerCount(name));
  const before = listeners();
  for (let round = 0; round < 3; round += 1) {
    const runner = runnerOf([]);
    await Promise.all([runner.start(), runner.start()]);
    await Promise.all([runner.stop(), runner.stop()]);
    const hurried = runnerOf([]);
    const starting = hurried.start();
    await hurried.stop();
    await starting;
  }
  expect(listeners()).toEqual(before);
  await expect.poll(() => database.pool.totalCount - database.pool.idleCount).toBe(0);
});

test('the smallest pool that the configuration allows is enough to work on jobs and answer requests', async () => {
  const small = new Database({ url: home.url, poolSize: 4, applicationName: 'small' }, logger);
  const sent: number[] = [];
  const handler = handleJob(send, async ({ parcel }) => {
    await small.execute('select pg_sleep(0.02)');
    sent.push(parcel);
  });
  const runner = new JobRunner(
    small,
    [handler],
    { concurrency: 5, stuckJobs: new StuckJobs() },
    new Metrics('test'),
    logger,
  );
  await runner.start();
  await Promise.all(Array.from({ length: 20 }, (_, parcel) => queue.add(small, send, { parcel })));
  await expect.poll(() => sent.length).toBe(20);
  await runner.stop();
  await small.stop();
});

test('a runner whose connections are all cut, its own of the locks too, goes on when the server does', async () => {
  const cut = new Database({ url: home.url, poolSize: 6, applicationName: 'cut' }, logger);
  const sent: number[] = [];
  const handler = handleJob(send, async ({ parcel }) => void sent.push(parcel));
  const runner = new JobRunner(
    cut,
    [handler],
    { concurrency: 2, stuckJobs: new StuckJobs() },
    new Metrics('test'),
    logger,
  );
  await runner.start();
  for (let parcel = 1; parcel <= 3; parcel += 1) {
    await database.execute(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'cut'`,
    );
    await queue.add(database, send, { parcel });
    await expect.poll(() => sent.length).toBe(parcel);
    await expect.poll(queued).toEqual([]);
  }
  await runner.stop();
  await cut.stop();
});

test('a runner that can get no connection to note that a job is done ends nobody’s process, and the job is done', async () => {
  const narrow = new Database({ url: home.url, poolSize: 4, applicationName: 'narrow' }, logger);
  let attempts = 0;
  let release: () => void = () => undefined;
  const handler = handleJob(send, async () => {
    attempts += 1;
    if (attempts > 1) return;
    // Whoever asks for a connection now is refused after five seconds.
    const held = await Promise.all([1, 2].map(() => narrow.pool.connect()));
    release = () => held.splice(0).forEach((client) => client.release());
  });
  const runner = new JobRunner(
    narrow,
    [handler],
    { concurrency: 1, stuckJobs: new StuckJobs() },
    new Metrics('test'),
    logger,
  );
  await runner.start();
  await queue.add(database, send, { parcel: 1 });
  await expect.poll(() => lines.map(({ msg }) => msg)).toContain('the job runner is being replaced');
  release();
  await expect.poll(queued).toEqual([]);
  await runner.stop();
  await narrow.stop();
});

test('a job for later waits by the database’s clock, whatever this process believes', async () => {
  await queue.add(database, send, { parcel: 1 }, { afterMs: 60_000 });
  const { wait } = await database.row<{ wait: number }>(
    `select extract(epoch from run_at - now())::double precision as wait from graphile_worker.jobs`,
  );
  expect(wait).toBeGreaterThan(55);
  expect(wait).toBeLessThanOrEqual(60);
});
