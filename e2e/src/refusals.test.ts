import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { ApiClient } from './api/api-client.js';
import { operations, type BodySchema, type Operation } from './testing/conformance.js';
import { exampleBodies } from './testing/example-requests.js';

const gatewayUrl = inject('gatewayUrl');
const admin = inject('admin');
const NUL = String.fromCharCode(0);

/** Its body is not even read before its signature is right; see below. */
const WEBHOOK = 'receivePaymentWebhook';
const withBody = operations.filter(
  ({ body, isForAdmins, operationId }) => body !== undefined && !isForAdmins && operationId !== WEBHOOK,
);
const named = <Item extends Operation>(items: readonly Item[]) =>
  items.map((item) => [`${item.method} ${item.path}`, item] as const);

let customer: Customer;
beforeAll(async () => {
  customer = await newCustomer(gatewayUrl);
});

/** Bodies that no schema may let through, each with the field that is to blame. */
function badBodies(
  schema: BodySchema,
  example: Readonly<Record<string, unknown>>,
): [string, object, string][] {
  const bad: [string, object, string][] = [['an unknown field', { ...example, colour: 'red' }, 'colour']];
  bad.push([
    'a prototype key',
    JSON.parse(
      `${JSON.stringify(example).slice(0, -1)},"__proto__":{"role":"admin"}}`.replace('{,', '{'),
    ) as object,
    '__proto__',
  ]);
  for (const field of schema.required ?? []) {
    const { [field]: _left, ...rest } = example;
    bad.push([`no ${field}`, rest, field]);
  }
  for (const [field, value] of Object.entries(example)) {
    for (const wrong of wrongValues(value))
      bad.push([`${field} ${JSON.stringify(wrong).slice(0, 30)}`, { ...example, [field]: wrong }, field]);
  }
  return bad;
}

function wrongValues(value: unknown): unknown[] {
  if (typeof value === 'number')
    return [null, 'one', '1 or 1=1', -1, 0, 1e-9, 1.234, 1e300, 2 ** 60, [], {}, true];
  if (typeof value === 'string') return [null, 5, true, [], {}, '', `a${NUL}b`, 'x'.repeat(10_000)];
  if (Array.isArray(value))
    return [null, 'text', 5, {}, [], [5], Array.from({ length: 1_000 }, () => value[0])];
  return [null];
}

const problemFields = ({ body }: Exchange): string[] =>
  body.errors.map(({ field }: { field: string }) => field.split(/[.[]/)[0]);

describe.each(named(withBody))('%s', (_name, operation) => {
  const path = operation.path.replaceAll(/\{\w+\}/g, '1');
  const example = exampleBodies[operation.operationId];
  const sendRaw = (rawBody: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    customer.api.request(operation.method, path, { rawBody, headers });

  it('has an example that these tests can bend', () => {
    expect(example, operation.operationId).toBeDefined();
  });

  it('refuses bad bodies with 400 and an entry for the bad field', async () => {
    const refusals = badBodies(operation.body ?? {}, example ?? {}).map(async ([title, body, field]) => {
      const answer = await customer.api.request(operation.method, path, { body });
      expect([title, answer.status]).toEqual([title, 400]);
      expect([title, answer.body.type, problemFields(answer)]).toEqual([
        title,
        'invalid-request',
        expect.arrayContaining([field]),
      ]);
    });
    await Promise.all(refusals);
  });

  it('refuses what is no JSON object', async () => {
    for (const text of ['{', '"text"', '12', '{"a":1,}', '\u0000']) {
      expect([text, (await sendRaw(text)).status]).toEqual([text, 400]);
    }
    expect((await sendRaw('[]')).status).toBe(400);
    expect((await sendRaw('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await sendRaw('{}', { 'content-type': 'application/json; charset=latin1' })).status).toBe(415);
    expect((await sendRaw('{}', { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('refuses bodies over 100 kB, also when they are small on the way', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(110_000) });
    expect((await sendRaw(large)).status).toBe(413);
    expect((await sendRaw(new Uint8Array(gzipSync(large)), { 'content-encoding': 'gzip' })).status).toBe(413);
  });
});

describe('webhooks', () => {
  const path = '/api/payments/webhook';
  const secret = inject('webhookSecret');
  const example = exampleBodies[WEBHOOK] ?? {};
  const nobody = new ApiClient(gatewayUrl);

  const post = (text: string, signature?: string): Promise<Exchange> =>
    nobody.request('POST', path, {
      rawBody: text,
      headers: signature === undefined ? {} : { 'payment-signature': signature },
    });
  const signatureOf = (text: string, key = secret, ageSeconds = 0): string => {
    const seconds = Math.floor(Date.now() / 1_000) - ageSeconds;
    const digest = createHmac('sha256', key).update(`${seconds}.${text}`).digest('hex');
    return `t=${seconds},v1=${digest}`;
  };
  const text = JSON.stringify(example);

  it('that are signed and about nothing of ours are taken note of', async () => {
    expect((await post(text, signatureOf(text))).status).toBe(204);
  });

  it.each([
    ['without a signature', undefined],
    ['with something that is no signature', 'nonsense'],
    ['signed with another secret', signatureOf(text, 'another-secret-that-is-long-enough')],
    ['signed for another body', signatureOf(`${text} `)],
    ['with the time of the signature changed', signatureOf(text, secret, 60).replace(/^t=\d+/, 't=1')],
  ])('%s are refused', async (_title, signature) => {
    const { status, body } = await post(text, signature);
    expect([status, body.type]).toEqual([401, 'invalid-signature']);
  });

  it.each([310, -310])('signed %i seconds ago are refused', async (ageSeconds) => {
    const { status, body } = await post(text, signatureOf(text, secret, ageSeconds));
    expect([status, body.type]).toEqual([400, 'stale-signature']);
  });

  it('that are signed and of the wrong form are refused with an entry for the bad field', async () => {
    for (const field of Object.keys(example)) {
      for (const wrong of [null, {}, true, '']) {
        const bad = JSON.stringify({ ...example, [field]: wrong });
        const answer = await post(bad, signatureOf(bad));
        expect([field, answer.status]).toEqual([field, 400]);
        expect(problemFields(answer)).toContain(field);
      }
    }
  });
});

describe('paths and queries', () => {
  const get = (path: string) => customer.api.get(path);

  it('with ids that are none are refused with 400', async () => {
    const withId = operations.filter(
      ({ path, method, isForAdmins }) => method === 'GET' && !isForAdmins && /\{(id|flight_id)\}/.test(path),
    );
    const refusals = withId.flatMap(({ path }) =>
      ['0', '-1', 'abc', '1.5', '9'.repeat(30), '1%00', "1'--"].map(async (bad) => {
        const answer = await get(path.replace(/\{\w+\}/, bad));
        expect([path, bad, answer.status]).toEqual([path, bad, 400]);
      }),
    );
    await Promise.all(refusals);
  });

  it.each([
    ['date=2026-02-30', 'date'],
    ['date=tomorrow', 'date'],
    ['date=2026-13-01', 'date'],
    ['source=XXX', 'source'],
    ['source=DELHI', 'source'],
    ["source=D'L", 'source'],
    ['destination=DEL', 'destination'],
    ['passengers=0', 'passengers'],
    ['passengers=10', 'passengers'],
    ['max_stops=3', 'max_stops'],
    ['cabin=first', 'cabin'],
    ['sort=random', 'sort'],
    ['limit=0', 'limit'],
    ['limit=100000', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['colour=red', 'colour'],
  ])('search?%s is refused with an entry for %s', async (change, field) => {
    const query = new URLSearchParams({ source: 'DEL', destination: 'BLR', date: '2027-01-10' });
    const [name = '', value = ''] = change.split('=');
    query.set(name, value);
    const answer = await get(`/api/flights/search?${query.toString()}`);
    expect([answer.status, problemFields(answer)]).toEqual([400, expect.arrayContaining([field])]);
  });

  it('that no route has are 404, and methods that a path does not take are 405', async () => {
    expect((await get('/api/nothing')).body).toMatchObject({ type: 'route-not-found', status: 404 });
    expect((await get('/api/bookings/create/more')).status).toBe(404);
    const wrongMethod = await customer.api.request('DELETE', '/api/payments/initiate');
    expect([wrongMethod.status, wrongMethod.body.type, wrongMethod.headers.get('allow')]).toEqual([
      405,
      'method-not-allowed',
      'POST',
    ]);
  });

  it('that cannot be decoded are refused', async () => {
    expect((await get('/api/bookings/%zz')).status).toBe(400);
  });
});

describe('administrators', () => {
  it('are refused bad flights and bad discounts like everybody', async () => {
    const client = new ApiClient(gatewayUrl);
    client.token = (await client.post('/api/auth/login', admin)).body.token;
    for (const { method, path, body } of operations.filter(
      (operation) => operation.isForAdmins && operation.body !== undefined,
    )) {
      const { required = [], oneOf } = body ?? {};
      // A path that is right as an id and as a code, so that the body alone is to blame.
      const answer = await client.request(method, path.replaceAll(/\{\w+\}/g, '100'), {
        body: { unknown_field: 1, ...Object.fromEntries(required.map((field) => [field, null])) },
      });
      expect([path, answer.status]).toEqual([path, 400]);
      // Of several forms none can be chosen without the field that tells them apart.
      const blamed = oneOf === undefined ? ['unknown_field', ...required] : ['type'];
      expect([path, problemFields(answer).toSorted()]).toEqual([path, blamed.toSorted()]);
    }
  });
});

describe('after all of this', () => {
  it('every service is still up', async () => {
    for (const url of Object.values(inject('serviceUrls'))) {
      expect((await new ApiClient(url).get('/health/ready')).status).toBe(200);
    }
  });
});
