import { createTestDatabase, TestIssuer, type TestDatabase } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { TokenVerifier } from '../auth/token-verifier.js';
import { createApp } from '../http/app.js';
import { RequestLog } from '../http/request-log.js';
import { HttpServer } from '../http/http-server.js';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Database } from '../postgres/database.js';
import { migrate } from '../postgres/migrate.js';
import { defineJob } from './job.js';
import { JobQueue } from './job-queue.js';
import { JobRunner, handleJob } from './job-runner.js';
import { knownJobsSql } from './job-sql.js';
import { StuckJobController } from './stuck-job.controller.js';
import { StuckJobs } from './stuck-jobs.js';

const send = defineJob('send-parcel', z.strictObject({ parcel_id: z.int() }), { maxAttempts: 1 });
const logger = createLogger('test', 'silent');
const queue = new JobQueue();
const stuckJobs = new StuckJobs();
const issuer = new TestIssuer();
let home: TestDatabase;
let database: Database;
let runner: JobRunner;
let server: HttpServer;
/** What the next attempts do. */
let failure: Error | undefined;
const sent: number[] = [];
/** What an attempt waits for before it does anything. */
let before: () => Promise<void>;

beforeAll(() => issuer.start());
afterAll(() => issuer.stop());
beforeEach(async () => {
  failure = new Error('the depot is closed');
  sent.length = 0;
  before = () => Promise.resolve();
  home = await createTestDatabase();
  database = new Database({ url: home.url, poolSize: 8, applicationName: 'test' }, logger);
  await database.start();
  // The platform's migrations alone: the folder named holds none.
  await migrate(database, new URL('./', import.meta.url));
  const metrics = new Metrics('test');
  const handler = handleJob(send, async ({ parcel_id: parcel }) => {
    await before();
    if (failure !== undefined) throw failure;
    sent.push(parcel);
  });
  runner = new JobRunner(
    database,
    [handler],
    { concurrency: 1, stuckJobs, sweepIntervalMs: 100 },
    metrics,
    logger,
  );
  await runner.start();
  const jwksUrls = [`${issuer.url}/api/auth/.well-known/jwks.json`];
  const verifier = new TokenVerifier({ jwksUrls, issuer: 'flight-booking', audience: 'flight-booking' });
  const place = { service: 'depot-service', prefix: '/api/depot' };
  const { routes } = new StuckJobController(place, database, stuckJobs);
  server = new HttpServer(
    { app: createApp({ routes, verifier, logger, requestLog: new RequestLog(logger, metrics) }) },
    { host: '127.0.0.1', port: 0 },
  );
  await server.start();
});
afterEach(async () => {
  await server.stop();
  await runner.stop();
  await database.stop();
  await home.drop();
});

const queued = async (): Promise<number> =>
  (await database.row<{ count: number }>('select count(*) from graphile_worker._private_jobs')).count;
const stuck = async () => stuckJobs.open(database);

async function getStuck(parcel: number): Promise<void> {
  const earlier = (await stuck()).length;
  await queue.add(database, send, { parcel_id: parcel });
  await expect.poll(async () => (await stuck()).length).toBe(earlier + 1);
}

async function ask(method: 'GET' | 'POST', path: string, role: 'admin' | 'customer' = 'admin') {
  const authorization = `Bearer ${await issuer.userToken({ userId: 1, role })}`;
  const response = await fetch(`http://127.0.0.1:${server.port}/api/depot/stuck-jobs${path}`, {
    method,
    headers: { authorization },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('work that failed as often as it may leaves the queue, and waits with its reason', async () => {
  await getStuck(7);
  expect(await stuck()).toEqual([
    expect.objectContaining({
      job: 'send-parcel',
      data: { parcel_id: 7 },
      reason: 'the depot is closed',
      attempts: 1,
    }),
  ]);
  expect(await queued()).toBe(0);
});

test('it is found by what it is about, also when it was to deliver an event', async () => {
  await getStuck(7);
  await getStuck(8);
  await database.execute(
    `insert into stuck_jobs (job, payload, max_attempts, attempts, reason) values
     ('deliver-event', '{"data": {"subscriber": "depot", "event": {"data": {"parcel_id": 7}}}}', 2, 2, 'gone')`,
  );
  const about = { field: 'parcel_id', id: 7 };
  expect((await stuckJobs.open(database, { about })).map(({ job }) => job)).toEqual([
    'send-parcel',
    'deliver-event',
  ]);
});

test('everything about one thing is tried again, and said once by whoever did it', async () => {
  await getStuck(7);
  await getStuck(8);
  failure = undefined;
  const about = { field: 'parcel_id', id: 7 };
  const answers = await Promise.all(
    [1, 2, 3].map(() => database.transaction((tx) => stuckJobs.retryAbout(tx, about))),
  );
  expect(answers.flat()).toEqual(['send-parcel']);
  await expect.poll(() => sent).toEqual([7]);
  expect((await stuck()).map(({ data }) => data)).toEqual([{ parcel_id: 8 }]);
});

test('a job is known while it waits in the queue and while it is stuck', async () => {
  const known = () =>
    database.rows(
      `select * from (${knownJobsSql('parcel_id', 'depot_id')}) as known where job = 'send-parcel'`,
    );
  await queue.add(database, send, { parcel_id: 7 }, { runAt: new Date(Date.now() + 3_600_000) });
  expect(await known()).toEqual([{ job: 'send-parcel', parcel_id: 7, depot_id: null }]);
  await getStuck(8);
  expect((await known()).map((job) => job['parcel_id'])).toEqual([7, 8]);
  await database.transaction((tx) => stuckJobs.resolve(tx, 1, 'the parcel was found'));
  expect((await known()).map((job) => job['parcel_id'])).toEqual([7]);
});

test('the list goes on from page to page', async () => {
  for (const parcel of [7, 8, 9])
    await database.execute(
      `insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
       values ('send-parcel', json_build_object('data', json_build_object('parcel_id', $1::integer)), 2, 2, 'gone')`,
      [parcel],
    );
  const parcels = (body: Record<string, unknown>) =>
    (body['stuck_jobs'] as { about: unknown }[]).map(({ about }) => about);
  const first = (await ask('GET', '?limit=2')).body;
  expect(parcels(first)).toEqual([{ parcel_id: 7 }, { parcel_id: 8 }]);
  const second = (await ask('GET', `?limit=2&cursor=${String(first['next_cursor'])}`)).body;
  expect(parcels(second)).toEqual([{ parcel_id: 9 }]);
  expect(second['next_cursor']).toBeNull();
  expect((await ask('GET', '?cursor=2')).status).toBe(400);
});

test('an operator sees it and has it tried again, once', async () => {
  await getStuck(7);
  const { body } = await ask('GET', '');
  const [job] = body['stuck_jobs'] as { stuck_id: number }[];
  expect(job).toMatchObject({
    job: 'send-parcel',
    about: { parcel_id: 7 },
    reason: 'the depot is closed',
    attempts: 1,
  });
  failure = undefined;
  const retries = await Promise.all([1, 2, 3].map(() => ask('POST', `/${job?.stuck_id}/retry`)));
  expect(retries.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 404, 404]);
  await expect.poll(() => sent).toEqual([7]);
  expect((await ask('GET', '')).body).toEqual({ stuck_jobs: [], next_cursor: null });
});

test('nobody but an operator sees it', async () => {
  expect((await ask('GET', '', 'customer')).status).toBe(403);
  expect((await ask('POST', '/1/retry', 'customer')).status).toBe(403);
});

test('a job that was replaced while it was at work is not stuck when that work fails', async () => {
  let go: () => void = () => undefined;
  let attempts = 0;
  failure = undefined;
  before = () => {
    attempts += 1;
    return attempts === 1
      ? new Promise((_resolve, reject) => (go = () => reject(new Error('the depot is closed'))))
      : Promise.resolve();
  };
  await queue.add(database, send, { parcel_id: 7 }, { key: 'seven' });
  await expect.poll(() => attempts).toBe(1);
  await queue.add(database, send, { parcel_id: 7 }, { key: 'seven' });
  go();
  await expect.poll(() => sent).toEqual([7]);
  await expect.poll(queued).toBe(0);
  expect(await stuck()).toEqual([]);
});

test('a job with a key keeps it when it is tried again', async () => {
  await queue.add(database, send, { parcel_id: 7 }, { key: 'seven' });
  await expect.poll(async () => (await stuck()).length).toBe(1);
  const [job] = await stuck();
  await database.transaction((tx) => stuckJobs.retry(tx, job?.stuckId ?? 0));
  await expect.poll(async () => (await stuck()).length).toBe(1);
});
