import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { TestIssuer } from '@flight-booking/local-stack/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { TokenVerifier } from '../auth/token-verifier.js';
import { currentContext } from '../context/request-context.js';
import { Metrics } from '../metrics/metrics.js';
import { createApp } from './app.js';
import { RequestLog } from './request-log.js';
import { DomainError } from './domain-error.js';
import { HttpServer } from './http-server.js';
import { binary, defineRoute, noContent, reply } from './route.js';

class DepotClosed extends DomainError {
  static readonly slug = 'depot-closed';
  static readonly kind = 'unavailable';
  static readonly title = 'The depot is closed';
}

const parcel = z.strictObject({
  weight: z.int().min(1).max(30),
  label: z.string().max(20),
  parts: z.array(z.strictObject({ name: z.string() })).optional(),
});
const base = { summary: 'For the test', tag: 'Parcels', auth: 'public' } as const;
const anything = z.looseObject({});

/** What the handler of sealed parcels was given. */
const unsealed: unknown[] = [];

/** What the handler of slow parcels has seen. */
const hungUp: boolean[] = [];

const routes = [
  defineRoute({
    ...base,
    method: 'POST',
    path: '/parcels/sealed',
    operation: 'postSealedParcel',
    input: { body: anything },
    output: { 204: noContent },
    verifyBody: (bytes, header) => {
      if (bytes.toString() !== header('x-seal')) throw new DepotClosed('The seal is broken.');
    },
    handler: async ({ body }) => {
      unsealed.push(body);
      return reply(204, undefined);
    },
  }),
  defineRoute({
    ...base,
    method: 'POST',
    path: '/parcels/:id',
    operation: 'postParcel',
    input: {
      params: z.strictObject({ id: z.coerce.number().int().min(1) }),
      query: z.strictObject({ size: z.enum(['s', 'l']).optional() }),
      body: parcel,
    },
    output: { 201: anything },
    handler: async (request) => reply(201, { ...request.params, ...request.query, ...request.body }),
  }),
  defineRoute({
    ...base,
    method: 'GET',
    path: '/parcels/:id',
    operation: 'getParcel',
    input: { params: z.strictObject({ id: z.string() }) },
    output: { 200: anything },
    handler: async ({ params, ip }) => reply(200, { ...params, ip, context: currentContext() }),
  }),
  defineRoute({
    ...base,
    method: 'GET',
    path: '/parcels/slow',
    operation: 'getSlowParcel',
    output: { 200: anything },
    handler: async ({ gone }) => {
      await once(gone, 'abort');
      hungUp.push(gone.aborted);
      gone.throwIfAborted();
      return reply(200, {});
    },
  }),
  defineRoute({
    ...base,
    method: 'POST',
    path: '/parcels/sort',
    operation: 'sortParcels',
    output: { 204: noContent },
    handler: async () => reply(204, undefined),
  }),
  defineRoute({
    ...base,
    method: 'GET',
    path: '/parcels/:id.bin',
    operation: 'parcelFile',
    output: { 200: binary('application/octet-stream') },
    handler: async () =>
      reply(200, Buffer.from([0, 255, 10]), { 'content-type': 'application/octet-stream' }),
  }),
  defineRoute({
    ...base,
    method: 'GET',
    path: '/stream/:kind',
    operation: 'stream',
    input: { params: z.strictObject({ kind: z.enum(['whole', 'torn', 'endless']) }) },
    output: { 200: binary('text/plain') },
    handler: async ({ params }) => reply(200, streamOf(params.kind), { 'content-type': 'text/plain' }),
  }),
  defineRoute({
    ...base,
    method: 'GET',
    path: '/broken/:kind',
    operation: 'break',
    input: { params: z.strictObject({ kind: z.enum(['bug', 'depot']) }) },
    output: { 200: anything },
    handler: async ({ params }) => {
      const cause = new Error('connect to postgres://owner:hunter2@db failed');
      throw params.kind === 'bug' ? cause : new DepotClosed('Come back at eight.', {}, { cause });
    },
  }),
];

function streamOf(kind: 'whole' | 'torn' | 'endless'): Readable {
  if (kind === 'whole') return Readable.from(['one ', 'two']);
  if (kind === 'torn') return Readable.from(tornPieces());
  return new Readable({ read: () => undefined });
}

async function* tornPieces(): AsyncGenerator<string> {
  yield 'one ';
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('the disk is gone');
}

interface ProblemBody {
  type: string;
  status: number;
  request_id: string;
  allowed?: string[];
  errors?: { field: string; in: string; message: string }[];
}

const lines: Record<string, unknown>[] = [];
const logger = pino(
  { level: 'info' },
  { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
);
const metrics = new Metrics('test');
const issuer = new TestIssuer();
let server: HttpServer;
let url: string;

beforeAll(async () => {
  await issuer.start();
  const verifier = new TokenVerifier({ jwksUrls: [issuer.url], issuer: 'none', audience: 'none' });
  server = new HttpServer(
    { app: createApp({ routes, verifier, logger, requestLog: new RequestLog(logger, metrics) }) },
    { host: '127.0.0.1', port: 0 },
  );
  await server.start();
  url = `http://127.0.0.1:${server.port}`;
});
beforeEach(() => void (lines.length = 0));
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

const json = { 'content-type': 'application/json' };
const send = (path: string, body: string | Buffer, headers: Record<string, string> = json) =>
  fetch(url + path, { method: 'POST', headers, body });

async function refusal(response: Response): Promise<ProblemBody> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as ProblemBody;
  expect(body).toMatchObject({ status: response.status, request_id: response.headers.get('x-request-id') });
  return body;
}

async function badFields(response: Response): Promise<string[]> {
  expect(response.status).toBe(400);
  return ((await refusal(response)).errors ?? []).map((entry) => `${entry.in} ${entry.field}`);
}

/** Sends bytes as they are and gives back all that comes until the server ends the connection. */
async function exchangeRaw(text: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('a valid request reaches its handler with parsed parts, and its answer has a length and no entity tag', async () => {
  const response = await send('/parcels/7?size=l', '{"weight":3,"label":"tea"}');
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ id: 7, size: 'l', weight: 3, label: 'tea' });
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  expect(response.headers.get('etag')).toBeNull();
  expect(response.headers.get('x-powered-by')).toBeNull();
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
});

test('a bad request is refused with one entry per bad field of path, query and body together', async () => {
  const response = await send('/parcels/0?size=xl&colour=red', '{"weight":"3","parts":[{}],"extra":1}');
  const fields = await badFields(response);
  expect(fields.toSorted()).toEqual([
    'body extra',
    'body label',
    'body parts[0].name',
    'body weight',
    'path id',
    'query colour',
    'query size',
  ]);
});

test('a field of the wrong type is told apart from one that is missing', async () => {
  const { errors } = await refusal(await send('/parcels/7', '{"weight":"3","label":null}'));
  expect(errors).toEqual([
    { field: 'weight', in: 'body', message: expect.stringContaining('expected') },
    { field: 'label', in: 'body', message: expect.stringContaining('expected') },
  ]);
  const missing = await refusal(await send('/parcels/7', '{}'));
  expect(missing.errors?.map(({ message }) => message)).toEqual(['is required', 'is required']);
});

test('what a route does not read is refused', async () => {
  expect(await badFields(await fetch(`${url}/parcels/7?colour=red`))).toEqual(['query colour']);
  expect(await badFields(await send('/parcels/sort', '{"by":"weight"}'))).toEqual(['body by']);
  expect((await fetch(`${url}/parcels/sort`, { method: 'POST' })).status).toBe(204);
});

test('a missing body is refused as its missing fields', async () => {
  const response = await fetch(`${url}/parcels/7`, { method: 'POST' });
  expect(await badFields(response)).toEqual(['body weight', 'body label']);
});

test.each(['__proto__', 'constructor', 'prototype', 'toString'])(
  'the prototype key %s is an unknown field in body and query and changes nothing',
  async (key) => {
    const response = await send(
      `/parcels/7?${key}=1`,
      `{"weight":3,"label":"tea","${key}":{"polluted":true}}`,
    );
    expect((await badFields(response)).toSorted()).toEqual([`body ${key}`, `query ${key}`]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  },
);

test('a parameter that is given twice is refused', async () => {
  expect(await badFields(await send('/parcels/7?size=s&size=l', '{"weight":3,"label":"tea"}'))).toEqual([
    'query size',
  ]);
});

test.each([
  ['text that is not JSON', '{"weight":'],
  ['a bare number', '3'],
  ['null', 'null'],
  ['a string', '"tea"'],
])('a body of %s is a malformed body', async (_name, body) => {
  const response = await send('/parcels/7', body);
  expect(response.status).toBe(400);
  expect((await refusal(response)).type).toBe('malformed-body');
});

test('a list where an object is expected is refused', async () => {
  expect((await send('/parcels/7', '[]')).status).toBe(400);
});

test('numbers beyond what a computer can count exactly are refused', async () => {
  const fields = await badFields(await send('/parcels/7', '{"weight":1e400,"label":"tea"}'));
  expect(fields).toEqual(['body weight']);
  expect(await badFields(await send(`/parcels/${'9'.repeat(400)}`, '{"weight":3,"label":"tea"}'))).toEqual([
    'path id',
  ]);
});

test.each([
  ['no content type', {}],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a charset other than UTF-8', { 'content-type': 'application/json; charset=latin1' }],
  ['an unknown encoding', { ...json, 'content-encoding': 'rot13' }],
])('a body with %s is an unsupported media type', async (_name, headers) => {
  const response = await send('/parcels/7', Buffer.from('{}'), headers);
  expect(response.status).toBe(415);
  expect((await refusal(response)).type).toBe('unsupported-media-type');
});

test('a body is shown to the route byte by byte before it is parsed, and is refused as the route says', async () => {
  const written = '{ "weight":\t3 }';
  const sent = await send('/parcels/sealed', written, { ...json, 'x-seal': written });
  expect([sent.status, unsealed]).toEqual([204, [{ weight: 3 }]]);
  for (const body of ['{"weight":3}', 'not JSON', '']) {
    const response = await send('/parcels/sealed', body, { ...json, 'x-seal': written });
    expect(await refusal(response)).toMatchObject({ type: 'depot-closed', status: 503 });
  }
  expect(unsealed).toHaveLength(1);
});

test('a body that claims to be gzip and is not is malformed', async () => {
  const response = await send('/parcels/7', 'plain', { ...json, 'content-encoding': 'gzip' });
  expect(response.status).toBe(400);
  expect((await refusal(response)).type).toBe('malformed-body');
});

test('a body over 100 kB is refused, whether it comes plain or grows that large when inflated', async () => {
  const large = JSON.stringify({ weight: 3, label: 'x'.repeat(200_000) });
  const plain = await send('/parcels/7', large);
  const bomb = await send('/parcels/7', gzipSync(large), { ...json, 'content-encoding': 'gzip' });
  for (const response of [plain, bomb]) {
    expect(response.status).toBe(413);
    expect((await refusal(response)).type).toBe('body-too-large');
  }
  const honest = await send('/parcels/7', gzipSync('{"weight":3,"label":"tea"}'), {
    ...json,
    'content-encoding': 'gzip',
  });
  expect(honest.status).toBe(201);
});

test('an unknown path is a 404 problem, and so is the root', async () => {
  for (const path of ['/', '/nowhere', '/parcels/1/2/3', `/${'x'.repeat(3_000)}`]) {
    const response = await fetch(url + path);
    expect(response.status).toBe(404);
    expect((await refusal(response)).type).toBe('route-not-found');
  }
});

test('another method is a 405 problem that names those there are, also where a literal path hides a parameter', async () => {
  for (const [path, method, allow] of [
    ['/parcels/7', 'DELETE', 'POST, GET, HEAD'],
    ['/parcels/7', 'OPTIONS', 'POST, GET, HEAD'],
    ['/parcels/sort', 'GET', 'POST'],
    ['/parcels/7.bin', 'POST', 'GET, HEAD'],
  ] as const) {
    const response = await fetch(url + path, { method });
    expect([path, response.status, response.headers.get('allow')]).toEqual([path, 405, allow]);
    expect((await refusal(response)).allowed).toEqual(allow.split(', '));
  }
});

test('a path that cannot be decoded is a 400 problem', async () => {
  const response = await fetch(`${url}/parcels/%E0%A4%A`);
  expect(response.status).toBe(400);
  await refusal(response);
});

test('null bytes in path, query and body reach nothing but validation', async () => {
  expect((await fetch(`${url}/parcels/%00`)).status).toBe(200);
  expect(await badFields(await send('/parcels/%00?size=%00', '{"weight":"\\u0000","label":"tea"}'))).toEqual([
    'path id',
    'query size',
    'body weight',
  ]);
});

test('a failure of ours hides its cause from the client and shows it in the log', async () => {
  const response = await fetch(`${url}/broken/bug`);
  expect(response.status).toBe(500);
  const problem = await refusal(response);
  expect(JSON.stringify(problem)).not.toMatch(/hunter2|postgres|\.ts/);
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'request failed', level: 50 }));
});

test('an outage is answered with its name, and the log says why', async () => {
  const response = await fetch(`${url}/broken/depot`);
  expect(response.status).toBe(503);
  const problem = await refusal(response);
  expect(problem.type).toBe('depot-closed');
  expect(JSON.stringify(problem)).not.toContain('hunter2');
  const line = lines.find(({ msg }) => msg === 'request could not be served');
  expect(JSON.stringify(line)).toContain('postgres');
});

test('a refusal that is the caller’s to act on is no entry in the log besides the request itself', async () => {
  await fetch(`${url}/nowhere`);
  expect(lines.map(({ msg }) => msg)).toEqual(['request']);
});

test('a request id and a trace that are well formed are taken over', async () => {
  const traceId = 'a'.repeat(32);
  const response = await fetch(`${url}/parcels/7`, {
    headers: { 'x-request-id': 'order-12345', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
  });
  expect(response.headers.get('x-request-id')).toBe('order-12345');
  expect(await response.json()).toMatchObject({ context: { requestId: 'order-12345', traceId } });
});

test('a request id or a trace that is malformed is replaced', async () => {
  const response = await fetch(`${url}/parcels/7`, {
    headers: { 'x-request-id': 'a b"}', traceparent: 'nonsense' },
  });
  expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  const { context } = (await response.json()) as { context: { traceId: string } };
  expect(context.traceId).toMatch(/^[\da-f]{32}$/);
});

test.each(['0', '-5', 'Infinity', '1e300', '2.5', 'soon', '999999999'])(
  'a deadline of %s milliseconds is no deadline',
  async (deadline) => {
    const response = await fetch(`${url}/parcels/7`, { headers: { 'x-deadline-ms': deadline } });
    const { context } = (await response.json()) as { context: object };
    expect(context).not.toHaveProperty('deadlineAt');
  },
);

test('the address of the client is the last one that is not a proxy’s of ours, so a made-up one is not believed', async () => {
  const addressOf = async (forwarded: string) =>
    (
      (await (await fetch(`${url}/parcels/7`, { headers: { 'x-forwarded-for': forwarded } })).json()) as {
        ip: string;
      }
    ).ip;
  expect(await addressOf('203.0.113.9')).toBe('203.0.113.9');
  expect(await addressOf('198.51.100.1, 203.0.113.9, 10.0.0.3')).toBe('203.0.113.9');
});

test('bytes are answered as they are, and an empty answer has neither body nor type', async () => {
  const bytes = await fetch(`${url}/parcels/7.bin`);
  expect(bytes.headers.get('content-type')).toBe('application/octet-stream');
  expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array([0, 255, 10]));
  const empty = await fetch(`${url}/parcels/sort`, { method: 'POST' });
  expect([empty.status, await empty.text(), empty.headers.get('content-type')]).toEqual([204, '', null]);
});

test('a stream is passed on piece by piece, and one that fails in the middle is cut off rather than ended', async () => {
  expect(await (await fetch(`${url}/stream/whole`)).text()).toBe('one two');
  const torn = await fetch(`${url}/stream/torn`);
  await expect(torn.text()).rejects.toThrow();
  // The client may see the end before the server has written it down.
  await expect
    .poll(() => lines.map(({ msg }) => msg))
    .toEqual(expect.arrayContaining(['request', 'request failed', 'request']));
  await expect.poll(() => lines.length).toBe(3);
});

test('a client that hangs up in the middle of a stream is status 499 and no failure of ours', async () => {
  const controller = new AbortController();
  const response = fetch(`${url}/stream/endless`, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await expect(response).rejects.toThrow();
  await expect.poll(() => lines.map(({ msg, status }) => [msg, status])).toEqual([['request', 499]]);
});

test('a handler is told when its client hangs up, and that it then stops is no failure of ours', async () => {
  const controller = new AbortController();
  const response = fetch(`${url}/parcels/slow`, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await expect(response).rejects.toThrow();
  await expect.poll(() => hungUp).toEqual([true]);
  await expect.poll(() => lines.map(({ msg, status }) => [msg, status])).toEqual([['request', 499]]);
  expect((await fetch(`${url}/parcels/7`)).status).toBe(200);
});

test('HEAD answers what GET does, without the body', async () => {
  const response = await fetch(`${url}/parcels/7`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  expect(await response.text()).toBe('');
});

test('each request is one log line and one measurement, by route and never by path', async () => {
  await fetch(`${url}/parcels/secret-token-in-path`);
  for (let i = 0; i < 20; i += 1) await fetch(`${url}/guess/${i}`);
  expect(lines).toHaveLength(21);
  expect(lines[0]).toMatchObject({ msg: 'request', route: '/parcels/:id', status: 200, method: 'GET' });
  const { text } = await metrics.expose();
  expect(text).toMatch(/http_request_duration_seconds_count\{.*route="unmatched".*\} 2\d/);
  expect(text).not.toMatch(/guess|secret-token/);
});

test('line breaks in a path cannot forge a log line', async () => {
  await fetch(`${url}/nowhere%0a%7B%22level%22:60%7D?x=%0d%0aforged`);
  expect(lines).toHaveLength(1);
});

test('headers that are too large are refused as a problem and the connection ends', async () => {
  const answer = await exchangeRaw(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain('"type":"headers-too-large"');
});

test('what is not HTTP is refused as a problem and the server goes on', async () => {
  const answer = await exchangeRaw('HELLO\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"type":"malformed-request"');
  const smuggled =
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  expect(await exchangeRaw(smuggled)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${url}/parcels/7`)).status).toBe(200);
});
