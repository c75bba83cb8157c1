import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway, bodyOf, read, valuesOf } from '../testing/running-gateway.js';

const gateway = new RunningGateway();
let token: string;

const UPSTREAM_TIMEOUT_MS = 20_000;

beforeAll(async () => {
  await gateway.start({ UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS), RATE_LIMIT_PER_USER: '100000' });
  token = await gateway.issuer.userToken({ userId: 10 });
});
afterAll(() => gateway.stop());

/** What the service was sent, while it answers with nothing. */
async function received(call: Parameters<RunningGateway['call']>[0]): Promise<IncomingMessage> {
  let seen: IncomingMessage | undefined;
  gateway.flights.listener = (request, response) => {
    seen = request;
    request.resume();
    response.end();
  };
  await gateway.call({ token, ...call });
  return seen as IncomingMessage;
}

describe('a request on its way to a service', () => {
  it.each([
    '/api/flights/search?source=DEL&destination=BLR&date=2026-09-01',
    '/api/flights/search?a=1&a=2&a=&b&=c&&x=%20+%2F%2e%2E..//..%00',
    '/api/flights/search?q=%E0%A4%A6%E0%A4%BF&r=%ff%fe',
    '/api/flights/search?',
    '/api/flights/caf%C3%A9',
  ])('keeps every byte of %j', async (path) => {
    expect((await received({ path })).url).toBe(path);
  });

  it('keeps its method, its headers with their repetitions, and its body', async () => {
    let body: Buffer | undefined;
    let seen: IncomingMessage | undefined;
    gateway.flights.listener = (request, response) => {
      seen = request;
      void bodyOf(request).then((bytes) => {
        body = bytes;
        response.end();
      });
    };
    const sent = Buffer.from('not json at all \u0000 \ud83d\udeeb');
    await gateway.call({
      method: 'POST',
      path: '/api/flights/1',
      token,
      headers: { 'X-Twice': ['one', 'two'], Cookie: 'a=b', 'Content-Type': 'text/odd' },
      body: sent,
    });
    expect(seen?.method).toBe('POST');
    expect(body?.equals(sent)).toBe(true);
    expect(valuesOf(seen?.rawHeaders ?? [], 'x-twice')).toEqual(['one', 'two']);
    expect(seen?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      cookie: 'a=b',
      'content-type': 'text/odd',
      'content-length': String(sent.length),
    });
  });

  it('keeps its idempotency key, and the answer says that it was given before', async () => {
    let key: string | string[] | undefined;
    gateway.flights.listener = (request, response) => {
      key = request.headers['idempotency-key'];
      response.setHeader('Idempotency-Replayed', 'true');
      response.end();
    };
    const headers = { 'Idempotency-Key': 'order-1' };
    const answer = await gateway.call({ method: 'POST', path: '/api/flights/1', token, headers, body: '{}' });
    expect([key, answer.headers['idempotency-replayed']]).toEqual(['order-1', 'true']);
  });

  it('needs no token where its body is signed, and not a byte of that changes', async () => {
    const sign = (bytes: Buffer) => createHmac('sha256', 'secret').update(bytes).digest('hex');
    const bodies = [Buffer.from('{ "id":\t"\u00e9\\u0041",\r\n"amount":1.0 }\n'), randomBytes(1 << 20)];
    for (const body of bodies) {
      let isGenuine: boolean | undefined;
      gateway.others.listener = (request, response) => {
        void bodyOf(request).then((bytes) => {
          isGenuine = request.headers['payment-signature'] === `t=1,v1=${sign(bytes)}`;
          response.end();
        });
      };
      const headers = { 'payment-signature': `t=1,v1=${sign(body)}`, 'content-type': 'application/json' };
      await gateway.call({ method: 'POST', path: '/api/payments/webhook', headers, body });
      expect(isGenuine).toBe(true);
    }
  });

  it('loses the headers of one hop, and those that only the gateway may set', async () => {
    const { headers } = await received({
      path: '/api/flights/1',
      headers: {
        connection: 'close, x-nominated',
        'x-nominated': '1',
        te: 'trailers',
        'proxy-authorization': 'x',
        'keep-alive': 'timeout=5',
        'x-deadline-ms': '1',
        'x-real-ip': '1.2.3.4',
        forwarded: 'for=1.2.3.4',
        'x-forwarded-for': '1.2.3.4',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'evil.example',
      },
    });
    for (const name of ['x-nominated', 'te', 'proxy-authorization', 'keep-alive', 'x-real-ip', 'forwarded'])
      expect(headers[name]).toBeUndefined();
    expect(headers).toMatchObject({
      'x-deadline-ms': String(UPSTREAM_TIMEOUT_MS),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
    });
  });

  it('carries the request id and the trace of the client, or new ones', async () => {
    const own = await received({
      path: '/api/flights/1',
      headers: {
        'x-request-id': 'my-request-1',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    expect(own.headers['x-request-id']).toBe('my-request-1');
    expect(own.headers.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    const made = await received({ path: '/api/flights/1', headers: { 'x-request-id': 'bad id\u00e9' } });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('is sent on while the client is still sending', async () => {
    const sizes: number[] = [];
    gateway.flights.listener = (request, response) => {
      request.on('data', (chunk: Buffer) => sizes.push(chunk.length)).on('end', () => response.end('done'));
    };
    const request = gateway.open({ method: 'POST', path: '/api/flights/1', token });
    request.write('first');
    await expect.poll(() => sizes).toEqual([5]);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    request.end('second');
    expect((await read((await answered)[0])).bytes.toString()).toBe('done');
    expect(sizes).toEqual([5, 6]);
  });
});

describe('an answer on its way to the client', () => {
  it.each([200, 201, 202, 204, 304, 400, 409, 418, 422, 500, 503])('keeps its status %i', async (status) => {
    gateway.flights.listener = (_request, response) => response.writeHead(status).end();
    const answer = await gateway.call({ path: '/api/flights/1', token });
    expect(answer.status).toBe(status);
    expect(answer.bytes.length).toBe(0);
  });

  it.each([500, 503, 504])('keeps a problem of the service with %i byte by byte', async (status) => {
    const problem = `{"type":"of-the-service","status":${status},  "request_id":"theirs"}`;
    gateway.flights.listener = (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '7' });
      response.end(problem);
    };
    const answer = await gateway.call({ path: '/api/flights/1', token });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'retry-after': '7',
    });
    expect(answer.bytes.toString()).toBe(problem);
  });

  it('keeps its headers with their repetitions, and loses those of one hop', async () => {
    gateway.flights.listener = (_request, response) => {
      response.writeHead(200, [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Odd', '\u00e4'],
        ['Content-Security-Policy', "default-src 'self'"],
        ['ETag', '"x"'],
        ['Proxy-Authenticate', 'Basic'],
        ['X-Request-Id', 'another'],
      ]);
      response.end('{}');
    };
    const { headers, rawHeaders } = await gateway.call({
      path: '/api/flights/1',
      token,
      headers: { 'x-request-id': 'my-request-1' },
    });
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(headers).toMatchObject({
      'x-odd': '\u00e4',
      etag: '"x"',
      'content-security-policy': "default-src 'self'",
    });
    expect(headers['proxy-authenticate']).toBeUndefined();
    expect(valuesOf(rawHeaders, 'x-request-id')).toEqual(['my-request-1']);
    expect(valuesOf(rawHeaders, 'date')).toHaveLength(1);
  });

  it('to HEAD has the headers and no body', async () => {
    gateway.flights.listener = (_request, response) =>
      response.writeHead(200, { 'content-length': '7' }).end();
    const answer = await gateway.call({ method: 'HEAD', path: '/api/flights/1', token });
    expect(answer.headers['content-length']).toBe('7');
    expect(answer.bytes.length).toBe(0);
  });

  it('arrives while the service is still sending', async () => {
    let finish: () => void = () => {};
    gateway.flights.listener = (_request, response) => {
      response.write('first');
      finish = () => response.end('second');
    };
    const request = gateway.open({ path: '/api/flights/1', token });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    request.end();
    const [response] = await answered;
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('first');
    finish();
    expect((await read(response)).bytes.toString()).toBe('second');
  });
});
