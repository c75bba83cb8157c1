import { createHash, createHmac } from 'node:crypto';
import { createTestDatabase, TestIssuer, type TestDatabase } from '@flight-booking/local-stack/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { TokenVerifier } from '../auth/token-verifier.js';
import { createApp } from '../http/app.js';
import { RequestLog } from '../http/request-log.js';
import { DomainError } from '../http/domain-error.js';
import { HttpServer } from '../http/http-server.js';
import { defineRoute, reply } from '../http/route.js';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Database } from '../postgres/database.js';
import { migrate } from '../postgres/migrate.js';
import { IdempotencyKeyRepository } from './idempotency-key.repository.js';
import { IdempotencyKeys, type IdempotencyClaim } from './idempotency-keys.js';

class DepotFull extends DomainError {
  static readonly slug = 'depot-full';
  static readonly kind = 'conflict';
  static readonly title = 'The depot is full';
}
class TooHeavy extends DomainError {
  static readonly slug = 'too-heavy';
  static readonly kind = 'unprocessable';
  static readonly title = 'The parcel is too heavy';
}

const issuer = new TestIssuer();
const logger = createLogger('test', 'silent');
const metrics = new Metrics('test');
let home: TestDatabase;
let database: Database;
let server: HttpServer;
/** What happens in an attempt after it has added its parcel. */
let then: (claim: IdempotencyClaim | undefined) => Promise<void>;
/** What happens in an attempt before it adds its parcel. */
let first: (claim: IdempotencyClaim | undefined) => Promise<void>;

/** Adds a parcel once per key, and answers its number. */
async function addParcel(weight: number, claim: IdempotencyClaim | undefined): Promise<number> {
  if (claim?.resourceId !== undefined) return claim.resourceId;
  await first(claim);
  const parcel = await database.transaction(async (tx) => {
    const { id } = await tx.row<{ id: number }>('insert into parcels (weight) values ($1) returning id', [
      weight,
    ]);
    await claim?.bind(tx, id);
    return id;
  });
  await then(claim);
  return parcel;
}

beforeAll(() => issuer.start());
afterAll(() => issuer.stop());
beforeEach(async () => {
  first = then = () => Promise.resolve();
  home = await createTestDatabase();
  database = new Database({ url: home.url, poolSize: 10, applicationName: 'test' }, logger);
  await database.start();
  // The platform's migrations alone: the folder named holds none.
  await migrate(database, new URL('./', import.meta.url));
  await database.execute('create table parcels (id bigint generated always as identity, weight int)');
  const route = defineRoute({
    method: 'POST',
    path: '/depots/:depot/parcels',
    operation: 'addParcel',
    summary: 'Add a parcel',
    tag: 'Parcels',
    auth: 'user',
    idempotency: new IdempotencyKeys(database, new IdempotencyKeyRepository(), 'a secret of some length'),
    input: { params: z.strictObject({ depot: z.string() }), body: z.strictObject({ weight: z.int() }) },
    output: { 201: z.strictObject({ parcel: z.int() }) },
    handler: async ({ body, claim }) =>
      reply(201, { parcel: await addParcel(body.weight, claim) }, { location: '/parcels' }),
  });
  const jwksUrls = [`${issuer.url}/api/auth/.well-known/jwks.json`];
  const verifier = new TokenVerifier({ jwksUrls, issuer: 'flight-booking', audience: 'flight-booking' });
  const app = createApp({ routes: [route], verifier, logger, requestLog: new RequestLog(logger, metrics) });
  server = new HttpServer({ app }, { host: '127.0.0.1', port: 0 });
  await server.start();
});
afterEach(async () => {
  await server.stop();
  await database.stop();
  await home.drop();
});

interface Sent {
  readonly key?: string;
  readonly weight?: number;
  readonly userId?: number;
  readonly depot?: string;
  readonly text?: string;
}

async function send({ key, weight = 1, userId = 1, depot = 'north', text }: Sent) {
  const response = await fetch(`http://127.0.0.1:${server.port}/depots/${depot}/parcels`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await issuer.userToken({ userId, role: 'customer' })}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: text ?? JSON.stringify({ weight }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return {
    status: response.status,
    body,
    replayed: response.headers.get('idempotency-replayed'),
    headers: response.headers,
  };
}
const parcels = async (): Promise<number> =>
  (await database.row<{ count: number }>('select count(*) from parcels')).count;
/** As if the attempt that holds the keys had begun a while ago. */
const overdue = () =>
  database.execute(
    `update idempotency_keys set held_at = held_at - interval '21 seconds' where attempt_id is not null`,
  );
/** As if the process had died at this point. */
const dies = async (): Promise<never> => new Promise(() => {});

test('the same request with the same key has the same answer and no second effect', async () => {
  const once = await send({ key: 'a' });
  const again = await send({ key: 'a', text: '{ "weight":\n1 }' });
  expect(once).toMatchObject({ status: 201, replayed: null });
  expect(again).toMatchObject({ status: 201, body: once.body, replayed: 'true' });
  expect(again.headers.get('location')).toBe('/parcels');
  expect(await parcels()).toBe(1);
});

test('without a key, every request takes effect', async () => {
  await send({});
  await send({});
  expect(await parcels()).toBe(2);
});

test('twenty requests at once with one key take effect once; the others are told to wait', async () => {
  let go: () => void = () => undefined;
  then = () => new Promise((resolve) => (go = resolve));
  const all = Array.from({ length: 20 }, () => send({ key: 'a' }).finally(() => (answered += 1)));
  let answered = 0;
  await expect.poll(() => answered).toBe(19);
  go();
  const answers = await Promise.all(all);
  expect(await parcels()).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const waiting = answers.filter(({ status }) => status === 409);
  expect(waiting).toHaveLength(19);
  expect(waiting[0]).toMatchObject({ body: { type: 'idempotency-key-in-use' } });
  expect(await send({ key: 'a' })).toMatchObject({ status: 201, replayed: 'true' });
});

test('a key is its user’s, for one address', async () => {
  await send({ key: 'a' });
  expect(await send({ key: 'a', userId: 2 })).toMatchObject({ status: 201, replayed: null });
  expect(await send({ key: 'a', depot: 'south' })).toMatchObject({ status: 201, replayed: null });
  expect(await parcels()).toBe(3);
});

test('a key that comes with another body is refused', async () => {
  await send({ key: 'a', weight: 1 });
  expect(await send({ key: 'a', weight: 2 })).toMatchObject({
    status: 422,
    body: { type: 'idempotency-key-reused' },
  });
});

test('a refusal that stands is kept; one that may pass is not', async () => {
  first = () => Promise.reject(new TooHeavy('40 kg is too much.'));
  const refused = await send({ key: 'a' });
  first = () => Promise.reject(new DepotFull('Come back later.'));
  expect(await send({ key: 'b' })).toMatchObject({ status: 409, body: { type: 'depot-full' } });
  first = () => Promise.reject(new Error('a fault of ours'));
  expect(await send({ key: 'c' })).toMatchObject({ status: 500 });
  first = () => Promise.resolve();
  const again = await send({ key: 'a' });
  expect(again).toMatchObject({ status: 422, body: refused.body, replayed: 'true' });
  expect(again.headers.get('content-type')).toBe('application/problem+json');
  expect(await send({ key: 'b' })).toMatchObject({ status: 201, replayed: null });
  expect(await send({ key: 'c' })).toMatchObject({ status: 201, replayed: null });
});

test('after a failure that left something behind, the next attempt answers from that', async () => {
  then = () => Promise.reject(new Error('a fault of ours'));
  expect(await send({ key: 'a' })).toMatchObject({ status: 500 });
  then = () => Promise.resolve();
  expect(await send({ key: 'a' })).toMatchObject({ status: 201, body: { parcel: 1 }, replayed: null });
  expect(await send({ key: 'a' })).toMatchObject({ status: 201, replayed: 'true' });
  expect(await parcels()).toBe(1);
});

test('an attempt that died before its effect is begun again once it is overdue', async () => {
  let begun = 0;
  first = () => {
    begun += 1;
    return begun === 1 ? dies() : Promise.resolve();
  };
  const lost = send({ key: 'a' }).catch(() => undefined);
  await expect.poll(() => begun).toBe(1);
  expect(await send({ key: 'a' })).toMatchObject({ status: 409, body: { type: 'idempotency-key-in-use' } });
  await overdue();
  expect(await send({ key: 'a' })).toMatchObject({ status: 201 });
  expect(await parcels()).toBe(1);
  void lost;
});

test('an attempt that was taken over while it ran cannot take effect any more', async () => {
  let go: () => void = () => undefined;
  let begun = 0;
  first = () => {
    begun += 1;
    return begun === 1 ? new Promise((resolve) => (go = resolve)) : Promise.resolve();
  };
  const slow = send({ key: 'a' });
  await expect.poll(() => begun).toBe(1);
  await overdue();
  expect(await send({ key: 'a' })).toMatchObject({ status: 201 });
  go();
  expect(await slow).toMatchObject({ status: 409, body: { type: 'idempotency-key-in-use' } });
  expect(await parcels()).toBe(1);
  expect(await send({ key: 'a' })).toMatchObject({ status: 201, replayed: 'true' });
});

test('all attempts under a key have the same effect id, and a key of another day has a new one', async () => {
  const effects: (string | undefined)[] = [];
  first = (claim) => {
    effects.push(claim?.effectId);
    return effects.length === 1 ? dies() : Promise.resolve();
  };
  void send({ key: 'a' }).catch(() => undefined);
  await expect.poll(() => effects).toHaveLength(1);
  await overdue();
  await send({ key: 'a' });
  await database.execute(`update idempotency_keys set created_at = created_at - interval '25 hours'`);
  await send({ key: 'a' });
  expect(effects).toHaveLength(3);
  expect(effects[1]).toBe(effects[0]);
  expect(effects[2]).not.toBe(effects[0]);
  expect(await parcels()).toBe(2);
});

test('what was made under a key and undone again is made anew', async () => {
  then = (claim) =>
    database
      .transaction(async (tx) => {
        await tx.execute('delete from parcels');
        await claim?.unbind(tx);
      })
      .then(() => Promise.reject(new DepotFull('Come back later.')));
  expect(await send({ key: 'a' })).toMatchObject({ status: 409 });
  then = () => Promise.resolve();
  expect(await send({ key: 'a' })).toMatchObject({ status: 201, body: { parcel: 2 } });
});

test('an answer is kept for a day', async () => {
  await send({ key: 'a' });
  await database.execute(
    `update idempotency_keys set created_at = created_at - interval '23 hours 59 minutes'`,
  );
  expect(await send({ key: 'a' })).toMatchObject({ replayed: 'true' });
  await database.execute(`update idempotency_keys set created_at = created_at - interval '1 minute'`);
  expect(await send({ key: 'a' })).toMatchObject({ status: 201, replayed: null });
  await database.execute(`update idempotency_keys set created_at = created_at - interval '1 day'`);
  await new IdempotencyKeyRepository().sweep(database);
  expect(await database.rows('select * from idempotency_keys')).toEqual([]);
});

test.each(['', 'white space', 'k'.repeat(256)])('%j is no key', async (key) => {
  const { status, body } = await send({ key });
  expect(status).toBe(400);
  expect(body['errors']).toEqual([
    { field: 'Idempotency-Key', in: 'header', message: 'must have 1 to 255 visible ASCII characters' },
  ]);
});

test('what is stored of a request cannot be found out by trying', async () => {
  const content = { params: { depot: 'north' }, query: {}, body: { weight: 1 } };
  await send({ key: 'a' });
  const { fingerprint } = await database.row<{ fingerprint: string }>(
    'select fingerprint from idempotency_keys',
  );
  expect(fingerprint).not.toBe(createHash('sha256').update(JSON.stringify(content)).digest('base64url'));
  expect(fingerprint).toBe(
    createHmac('sha256', 'a secret of some length').update(JSON.stringify(content)).digest('base64url'),
  );
});
