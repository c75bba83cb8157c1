import { createTestDatabase, TestIssuer, type TestDatabase } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { NotAllowed } from '../auth/auth.errors.js';
import { ServiceTokens } from '../auth/service-tokens.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { ServiceClient } from '../client/service-client.js';
import { createApp } from '../http/app.js';
import { RequestLog } from '../http/request-log.js';
import { HttpServer } from '../http/http-server.js';
import { JobQueue } from '../jobs/job-queue.js';
import { JobRunner } from '../jobs/job-runner.js';
import { StuckJobs } from '../jobs/stuck-jobs.js';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Database } from '../postgres/database.js';
import { migrate } from '../postgres/migrate.js';
import type { Queries } from '../postgres/queries.js';
import { SystemClock } from '../time/clock.js';
import { createEvent, type CloudEvent } from './cloud-event.js';
import { EventInbox, UnknownEvent, consume } from './event-inbox.js';
import { EventPublisher } from './event-publisher.js';

const data = z.strictObject({ parcel: z.int() });
const parcelSent = { type: 'parcel.sent', source: 'sender', data };
/** Its effect tells by itself whether the event is news. */
const parcelWeighed = { type: 'parcel.weighed', source: 'sender', data };
/** Of another service, which the inbox hears as well. */
const parcelLost = { type: 'parcel.lost', source: 'finder', data };
const logger = createLogger('test', 'silent');
const metrics = new Metrics('test');
const issuer = new TestIssuer();
const jobs = new JobQueue();
let home: TestDatabase;
let database: Database;
let inbox: EventInbox;
let server: HttpServer;
let client: ServiceClient;
let runner: JobRunner;
let publisher: EventPublisher;
/** Thrown by the effect while it is set. */
let failure: Error | undefined;

beforeAll(async () => {
  await issuer.start();
  home = await createTestDatabase();
  database = new Database({ url: home.url, poolSize: 15, applicationName: 'test' }, logger);
  await database.start();
  // The platform's migrations alone: the folder named holds none.
  await migrate(database, new URL('./', import.meta.url));
  await database.execute('create table arrivals (parcel int not null)');
  const arrive = async (tx: Queries, { parcel }: { readonly parcel: number }): Promise<void> => {
    await tx.execute('insert into arrivals values ($1)', [parcel]);
    if (failure !== undefined) throw failure;
  };
  const arriveOnce = async (queries: Queries, { parcel }: { readonly parcel: number }): Promise<void> => {
    await queries.execute(
      'insert into arrivals select $1 where not exists (select from arrivals where parcel = $1)',
      [parcel],
    );
  };
  inbox = new EventInbox(database, [
    consume(parcelSent, arrive),
    consume(parcelLost, arrive),
    consume(parcelWeighed, arriveOnce, { repeatable: true }),
  ]);
  const jwksUrls = [`${issuer.url}/api/auth/.well-known/jwks.json`];
  const verifier = new TokenVerifier({ jwksUrls, issuer: 'flight-booking', audience: 'flight-booking' });
  const app = createApp({
    routes: inbox.routes,
    verifier,
    logger,
    requestLog: new RequestLog(logger, metrics),
  });
  server = new HttpServer({ app }, { host: '127.0.0.1', port: 0 });
  await server.start();
  const tokens = new ServiceTokens({ authUrls: [issuer.url], clientId: 'sender', clientSecret: 'secret' });
  client = new ServiceClient(
    { upstream: 'depot', addresses: [`http://127.0.0.1:${server.port}`] },
    tokens,
    metrics,
  );
  publisher = new EventPublisher('sender', { depot: client }, jobs, new SystemClock());
  runner = new JobRunner(
    database,
    [publisher.handler()],
    { concurrency: 4, stuckJobs: new StuckJobs() },
    metrics,
    logger,
  );
  await runner.start();
});
beforeEach(() => {
  failure = undefined;
});
afterEach(() => database.execute('delete from arrivals'));
afterAll(async () => {
  await runner.stop();
  await client.stop();
  await server.stop();
  await database.stop();
  await home.drop();
  await issuer.stop();
});

const event = (parcel: number): CloudEvent => createEvent(parcelSent, { parcel }, new Date());
const lost = (parcel: number): CloudEvent => createEvent(parcelLost, { parcel }, new Date());
const arrivals = async (): Promise<number[]> =>
  (await database.rows<{ parcel: number }>('select parcel from arrivals order by parcel')).map(
    (row) => row.parcel,
  );

test('an event that is delivered twenty times at once takes effect once', async () => {
  const same = event(1);
  await Promise.all(Array.from({ length: 20 }, () => inbox.receive(same, 'sender')));
  expect(await arrivals()).toEqual([1]);
});

test('an event whose effect is repeatable is not recorded, and takes its effect each time', async () => {
  const same = createEvent(parcelWeighed, { parcel: 9 }, new Date());
  await inbox.receive(same, 'sender');
  await inbox.receive(same, 'sender');
  expect(await arrivals()).toEqual([9]);
  await database.execute('delete from arrivals');
  await inbox.receive(same, 'sender');
  expect(await arrivals()).toEqual([9]);
  const consumed = await database.rows('select 1 from consumed_events where event_type = $1', [
    parcelWeighed.type,
  ]);
  expect(consumed).toEqual([]);
});

test('an event whose effect fails is not consumed, and takes effect when it is delivered again', async () => {
  failure = new Error('the depot is full');
  const same = event(2);
  await expect(inbox.receive(same, 'sender')).rejects.toThrow('the depot is full');
  expect(await arrivals()).toEqual([]);
  failure = undefined;
  await inbox.receive(same, 'sender');
  expect(await arrivals()).toEqual([2]);
});

test('events of one id from two sources are two events', async () => {
  const one = event(4);
  await inbox.receive(one, 'sender');
  await inbox.receive({ ...lost(4), id: one.id }, 'finder');
  expect(await arrivals()).toEqual([4, 4]);
});

test('an event of an unknown type, or with other data than its type says, is refused and not consumed', async () => {
  await expect(inbox.receive({ ...event(5), type: 'parcel.eaten' }, 'sender')).rejects.toBeInstanceOf(
    UnknownEvent,
  );
  await expect(inbox.receive({ ...event(5), data: { parcel: 'five' } }, 'sender')).rejects.toBeInstanceOf(
    UnknownEvent,
  );
  expect(await arrivals()).toEqual([]);
});

test('an event is taken from its source alone, and only of a type that is the source’s own', async () => {
  const refused: [CloudEvent, string][] = [
    [event(10), 'finder'],
    [lost(11), 'sender'],
    [{ ...event(12), source: 'finder' }, 'sender'],
    [{ ...event(13), source: 'finder' }, 'finder'],
    [{ ...lost(14), source: 'sender' }, 'sender'],
  ];
  for (const [one, clientId] of refused)
    await expect(inbox.receive(one, clientId)).rejects.toBeInstanceOf(NotAllowed);
  expect(await arrivals()).toEqual([]);
  await inbox.receive(lost(15), 'finder');
  expect(await arrivals()).toEqual([15]);
});

test('a service cannot publish what is another’s to tell', async () => {
  const publishing = database.transaction((tx) =>
    publisher.publish(tx, parcelLost, { parcel: 16 }, ['depot']),
  );
  await expect(publishing).rejects.toThrow('parcel.lost is for finder to tell');
});

test('a published event arrives once its transaction has committed', async () => {
  await database.transaction((tx) => publisher.publish(tx, parcelSent, { parcel: 6 }, ['depot']));
  await expect.poll(arrivals).toEqual([6]);
});

test('a publication dies with its transaction', async () => {
  const failing = database.transaction(async (tx) => {
    await publisher.publish(tx, parcelSent, { parcel: 7 }, ['depot']);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const waiting = await database.row('select count(*) as jobs from graphile_worker._private_jobs');
  expect([waiting, await arrivals()]).toEqual([{ jobs: 0 }, []]);
});

test('data that the type does not allow is never published', async () => {
  const wrong = { parcel: 'eight' } as unknown as { parcel: number };
  await expect(
    database.transaction((tx) => publisher.publish(tx, parcelSent, wrong, ['depot'])),
  ).rejects.toBeInstanceOf(z.ZodError);
});

test('over HTTP the inbox takes CloudEvents from those alone whose events it hears', async () => {
  const post = async (token: string, type: string, body: unknown): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const url = `http://127.0.0.1:${server.port}/internal/events`;
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  const [service, finder, stranger, user] = await Promise.all([
    issuer.serviceToken('sender'),
    issuer.serviceToken('finder'),
    issuer.serviceToken('stranger'),
    issuer.userToken({ userId: 1, role: 'admin' }),
  ]);
  const cloudEvents = 'application/cloudevents+json';
  expect(await post(service, cloudEvents, event(9))).toBe(204);
  expect(await post(user, cloudEvents, event(9))).toBe(403);
  expect(await post(stranger, cloudEvents, { ...event(9), source: 'stranger' })).toBe(403);
  expect(await post(finder, cloudEvents, event(9))).toBe(403);
  expect(await post('a.b.c', cloudEvents, event(9))).toBe(401);
  expect(await post(service, 'application/json', event(9))).toBe(415);
  expect(await post(service, cloudEvents, { ...event(9), specversion: '0.3' })).toBe(400);
  expect(await post(service, cloudEvents, { ...event(9), type: 'parcel.eaten' })).toBe(422);
  expect(await arrivals()).toEqual([9]);
});
