import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunningGateway, valuesOf, type Answer, type Call } from '../testing/running-gateway.js';

/** A request as it came to the service, which has not answered it yet. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const SEARCH = '/api/flights/search?source=DEL&destination=BLR&date=2026-09-01';
const ORIGIN = 'https://app.example.com';
const MAX_FOLLOWERS = 256;
/** So long that no busy machine lets them pass by themselves. */
const LONG = { COALESCING_WINDOW_MS: '600000', UPSTREAM_TIMEOUT_MS: '60000' };
const LIMITLESS = { RATE_LIMIT_PER_USER: '100000', RATE_LIMIT_PER_ADDRESS: '100000' };

const usual = new RunningGateway();
let gateway = usual;
let token: string;
let asked: Asked[] = [];
let sharedBefore = 0;
let sentAloneBefore = 0;

/** A gateway whose token is known, so that a request is sent as soon as it is read. */
async function start(started: RunningGateway, environment: Record<string, string> = {}): Promise<void> {
  gateway = started;
  await gateway.start({ ...LONG, ...LIMITLESS, CORS_ORIGINS: ORIGIN, ...environment });
  token = await gateway.issuer.userToken({ userId: 10 });
  await gateway.call({ path: '/api/tickets/1', token });
  listen();
}

function listen(): void {
  asked = [];
  const hold = (request: IncomingMessage, response: ServerResponse): void =>
    void asked.push({ request, response });
  gateway.flights.listener = hold;
  gateway.others.listener = hold;
}

/** Works with a gateway of other variables. */
async function withGateway(environment: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const usualToken = token;
  try {
    await start(new RunningGateway(), environment);
    await work();
  } finally {
    await gateway.stop();
    gateway = usual;
    token = usualToken;
  }
}

beforeAll(() => start(usual));
afterAll(() => usual.stop());
beforeEach(async () => {
  listen();
  await expect.poll(waiting).toBe(0);
  [sharedBefore, sentAloneBefore] = await Promise.all([counted('shared'), counted('sent_alone')]);
});

const waiting = (): Promise<number> => gateway.metric('coalesced_requests_waiting{');
const counted = (outcome: string): Promise<number> =>
  gateway.metric(`coalesced_requests_total{route="/api/flights/search",outcome="${outcome}"`);

const search = (call: Partial<Call> = {}): Promise<Answer> => gateway.call({ path: SEARCH, token, ...call });

/** So many requests for the same, of which the first is with the service and the others wait for it. */
async function together(
  count: number,
  ...calls: Partial<Call>[]
): Promise<[Promise<Answer>, ...Promise<Answer>[]]> {
  const before = asked.length;
  const first = search(calls[0]);
  await expect.poll(() => asked.length).toBe(before + 1);
  const others = Array.from({ length: count - 1 }, (_, i) => search(calls[i + 1]));
  await expect.poll(waiting).toBe(count - 1);
  return [first, ...others];
}

/** A request whose client may leave; how it ends is not looked at. */
function leaving(call: Partial<Call> = {}): ClientRequest {
  const request = gateway.open({ path: SEARCH, token, ...call });
  request.on('error', () => undefined).end();
  return request;
}

/** Answers a request that the service was asked, whole. */
function answer(index: number, body: string | Buffer = 'answer', headers: Record<string, string> = {}): void {
  const bytes = Buffer.from(body as string);
  asked[index]?.response.writeHead(200, { 'content-length': bytes.length, ...headers }).end(bytes);
}

/** Answers all that the service has been asked from one request on, each with its number. */
function answerEach(first: number): void {
  for (let i = first; i < asked.length; i += 1) answer(i, String(i));
}

const statusesOf = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status);
const textsOf = (answers: readonly Answer[]): string[] => answers.map(({ bytes }) => bytes.toString());

describe('requests for the same at the same time', () => {
  it.each([2_500, 40_000])('are one call to the service, and each has all %i bytes', async (size) => {
    const body = randomBytes(size);
    const all = await together(40);
    answer(0, body, { 'content-type': 'application/odd', 'x-twice': 'yes' });
    for (const { status, bytes, headers } of await Promise.all(all)) {
      expect(status).toBe(200);
      expect(bytes.equals(body)).toBe(true);
      expect(headers).toMatchObject({
        'content-type': 'application/odd',
        'x-twice': 'yes',
        'content-length': String(size),
      });
    }
    expect(asked).toHaveLength(1);
    expect(await waiting()).toBe(0);
    expect(await counted('shared')).toBe(sharedBefore + 39);
  });

  it('have each their own request id, what is left of their own limit, and what their page may read', async () => {
    const other = await gateway.issuer.userToken({ userId: 11 });
    const all = await together(
      3,
      { headers: { 'x-request-id': 'request-one' } },
      { headers: { 'x-request-id': 'request-two', origin: ORIGIN } },
      { headers: { 'x-request-id': 'request-three' }, token: other },
    );
    answer(0, 'answer', { 'X-Request-Id': 'of-the-service' });
    const answers = await Promise.all(all);
    expect(textsOf(answers)).toEqual(['answer', 'answer', 'answer']);
    const ids = answers.map(({ rawHeaders }) => valuesOf(rawHeaders, 'x-request-id'));
    expect(ids).toEqual([['request-one'], ['request-two'], ['request-three']]);
    const left = answers.map(({ headers }) =>
      Number(/"user";r=(\d+)/.exec(String(headers['ratelimit']))?.[1]),
    );
    expect(left[1]).toBe((left[0] ?? 0) - 1);
    expect(left[2]).toBe(Number(LIMITLESS.RATE_LIMIT_PER_USER) - 1);
    const origins = answers.map(({ headers }) => headers['access-control-allow-origin']);
    expect(origins).toEqual([undefined, ORIGIN, undefined]);
    expect(asked).toHaveLength(1);
  });

  it('on one connection, one after the other, are answered in their order', async () => {
    const client = connect(gateway.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    client.on('data', (chunk) => chunks.push(chunk));
    const ask = (path: string, id: string): string =>
      `GET ${path} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${token}\r\nx-request-id: ${id}\r\n\r\n`;
    client.write(ask(SEARCH, 'request-one') + ask(SEARCH, 'request-two') + ask(SEARCH, 'request-three'));
    await expect.poll(waiting).toBe(2);
    await expect.poll(() => asked.length).toBe(1);
    answer(0);
    const ids = (): string[] =>
      Array.from(
        Buffer.concat(chunks)
          .toString()
          .matchAll(/x-request-id: (\S+)/gi),
        ([, id = '']) => id,
      );
    await expect.poll(ids).toEqual(['request-one', 'request-two', 'request-three']);
    expect(asked).toHaveLength(1);
    client.destroy();
  });

  it('are no more than so many to one call', async () => {
    const all = await together(MAX_FOLLOWERS + 1);
    all.push(search());
    await expect.poll(() => asked.length).toBe(2);
    answerEach(0);
    expect(textsOf(await Promise.all(all))).toEqual([...Array<string>(MAX_FOLLOWERS + 1).fill('0'), '1']);
  });

  it.each(['/api/flights/calendar?month=2026-09', '/api/flights/search', '/api/airports?q=del'])(
    'are coalesced at %s',
    async (path) => {
      const all = await together(3, { path }, { path }, { path });
      answer(0);
      expect(textsOf(await Promise.all(all))).toEqual(['answer', 'answer', 'answer']);
    },
  );
});

describe('each asks for itself', () => {
  const EACH: [string, Partial<Call>][] = [
    ['another query', { path: `${SEARCH}&limit=1` }],
    ['the same query in other letters', { path: SEARCH.replace('DEL', '%44EL') }],
    ['another form of the answer', { headers: { 'Accept-Encoding': 'br' } }],
    ['another language', { headers: { 'accept-language': 'hi' } }],
    ['the path with a slash at its end', { path: SEARCH.replace('?', '/?') }],
    ['an answer under a condition', { headers: { 'If-None-Match': '"x"' } }],
    ['a part of the answer', { headers: { range: 'bytes=0-1' } }],
    ['an answer that is made anew', { headers: { 'cache-control': 'no-cache' } }],
    ['the headers alone', { method: 'HEAD' }],
    ['something with a body', { headers: { 'content-length': '2' }, body: '{}' }],
  ];

  it.each(EACH)('who asks for %s', async (_what, call) => {
    const [first] = await together(1);
    const other = search(call);
    await expect.poll(() => asked.length).toBe(2);
    answerEach(0);
    expect(statusesOf(await Promise.all([first, other]))).toEqual([200, 200]);
  });

  it.each(EACH.slice(-6))('even at the same time, who asks for %s', async (_what, call) => {
    const all = [search(call), search(call)];
    await expect.poll(() => asked.length).toBe(2);
    answerEach(0);
    expect(statusesOf(await Promise.all(all))).toEqual([200, 200]);
  });

  it.each(['/api/flights/1', '/api/tickets/1'])('who asks for %s, which is not everybody’s', async (path) => {
    const all = [search({ path }), search({ path })];
    await expect.poll(() => asked.length).toBe(2);
    answerEach(0);
    expect(new Set(textsOf(await Promise.all(all)))).toEqual(new Set(['0', '1']));
  });

  it('who is a service, which the route refuses', async () => {
    const [first] = await together(1);
    const service = search({ token: await gateway.issuer.serviceToken('seat-service') });
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.response.writeHead(403).end();
    answer(0);
    expect([(await service).status, (await first).status]).toEqual([403, 200]);
  });
});

describe('who may not pass', () => {
  it('is refused while the same is under way for others', async () => {
    const [first] = await together(1);
    expect((await search({ token: 'x.y.z' })).status).toBe(401);
    expect((await search({ token: await gateway.issuer.expiredToken() })).status).toBe(401);
    expect((await gateway.call({ path: SEARCH })).status).toBe(401);
    answer(0);
    expect((await first).status).toBe(200);
    expect(asked).toHaveLength(1);
  });

  it('is refused when the limit is used up, whoever was asked instead', async () => {
    await withGateway({ RATE_LIMIT_PER_USER: '3' }, async () => {
      const all = await together(2);
      expect((await search()).status).toBe(429);
      answer(0);
      expect(statusesOf(await Promise.all(all))).toEqual([200, 200]);
    });
  });
});

describe('an answer that cannot be shared', () => {
  const UNFIT: [string, (asked: Asked) => void][] = [
    ['is a failure', ({ response }) => response.writeHead(500, { 'content-length': 4 }).end('fail')],
    ['is a refusal', ({ response }) => response.writeHead(404, { 'content-length': 4 }).end('none')],
    ['has no body', ({ response }) => response.writeHead(200, { 'content-length': 0 }).end()],
    ['does not say its length', ({ response }) => response.writeHead(200).end('some')],
    [
      'sets a cookie',
      ({ response }) => response.writeHead(200, { 'content-length': 1, 'Set-Cookie': 'a=b' }).end('0'),
    ],
    [
      'differs by who asks',
      ({ response }) => response.writeHead(200, { 'content-length': 1, Vary: 'Authorization' }).end('0'),
    ],
    [
      'is somebody’s',
      ({ response }) => response.writeHead(200, { 'content-length': 1, 'cache-control': 'private' }).end('0'),
    ],
  ];

  it.each(UNFIT)('because it %s has the others ask for themselves', async (_why, respond) => {
    const [first, ...others] = await together(4);
    respond(asked[0] as Asked);
    await expect.poll(() => asked.length).toBe(4);
    answerEach(1);
    const answers = await Promise.all(others);
    expect(statusesOf(answers)).toEqual([200, 200, 200]);
    expect(textsOf(answers).toSorted()).toEqual(['1', '2', '3']);
    await first;
    expect(await counted('sent_alone')).toBe(sentAloneBefore + 3);
    expect(await counted('shared')).toBe(sharedBefore);
    expect(await waiting()).toBe(0);
  });

  it('because it comes in pieces has the others ask for themselves as soon as that is seen', async () => {
    const [first, ...others] = await together(3);
    const { response } = asked[0] as Asked;
    response.writeHead(200, { 'content-length': 10 });
    response.write('first');
    await expect.poll(() => asked.length).toBe(3);
    answerEach(1);
    expect(textsOf(await Promise.all(others)).toSorted()).toEqual(['1', '2']);
    response.end('final');
    expect((await first).bytes.toString()).toBe('firstfinal');
  });

  it('because it breaks off breaks off for one alone', async () => {
    const [first, ...others] = await together(3);
    const { response } = asked[0] as Asked;
    response.writeHead(200, { 'content-length': 10 }).flushHeaders();
    response.destroy();
    await expect(first).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => asked.length).toBe(3);
    answerEach(1);
    expect(textsOf(await Promise.all(others)).toSorted()).toEqual(['1', '2']);
  });

  it('because the service died is 503 for all, each after asking for itself', async () => {
    const all = await together(3);
    await gateway.flights.stop();
    expect(statusesOf(await Promise.all(all))).toEqual([503, 503, 503]);
    expect(await waiting()).toBe(0);
    await gateway.flights.start();
  });
});

describe('a client that goes away', () => {
  it('while others wait for its answer has them ask for themselves, and the service is told', async () => {
    const leader = leaving();
    await expect.poll(() => asked.length).toBe(1);
    const others = [search(), search()];
    await expect.poll(waiting).toBe(2);
    const toldOff = once((asked[0] as Asked).response, 'close');
    leader.destroy();
    await toldOff;
    await expect.poll(() => asked.length).toBe(3);
    answerEach(1);
    expect(textsOf(await Promise.all(others)).toSorted()).toEqual(['1', '2']);
  });

  it('while it waits for the answer of another is forgotten', async () => {
    const all = await together(2);
    const follower = leaving();
    await expect.poll(waiting).toBe(2);
    follower.destroy();
    await expect.poll(waiting).toBe(1);
    answer(0);
    expect(textsOf(await Promise.all(all))).toEqual(['answer', 'answer']);
    expect(await counted('shared')).toBe(sharedBefore + 1);
  });

  it('among those who are sent on their own after all is told to the service like any other', async () => {
    const leader = leaving();
    await expect.poll(() => asked.length).toBe(1);
    const follower = leaving();
    await expect.poll(waiting).toBe(1);
    leader.destroy();
    await expect.poll(() => asked.length).toBe(2);
    const toldOff = once((asked[1] as Asked).response, 'close');
    follower.destroy();
    await toldOff;
  });
});

describe('time', () => {
  const UPSTREAM_TIMEOUT_MS = 6_000;
  /** Wide, so that a busy machine joins within it. */
  const WINDOW_MS = 3_000;

  async function passing(ms: number): Promise<void> {
    const since = performance.now();
    await expect.poll(() => performance.now() - since).toBeGreaterThan(ms);
  }

  it('that another has waited for its whole answer in vain is up for those behind it while they have most of theirs', async () => {
    await withGateway({ UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS) }, async () => {
      const [first, ...others] = await together(3);
      (asked[0] as Asked).response.writeHead(200, { 'content-length': 10 }).flushHeaders();
      await expect.poll(() => asked.length).toBe(3);
      for (const { request } of asked.slice(1)) {
        const told = Number(request.headers['x-deadline-ms']);
        expect(told).toBeGreaterThan(0);
        // A timer and the clock differ by a millisecond.
        expect(told).toBeLessThanOrEqual((UPSTREAM_TIMEOUT_MS * 2) / 3 + 10);
      }
      answerEach(1);
      expect(textsOf(await Promise.all(others)).toSorted()).toEqual(['1', '2']);
      expect(await waiting()).toBe(0);
      (asked[0] as Asked).response.destroy();
      await expect(first).rejects.toMatchObject({ code: 'ECONNRESET' });
    });
  });

  it('within which a call may be joined is the window, after which it is too old', async () => {
    await withGateway({ COALESCING_WINDOW_MS: String(WINDOW_MS) }, async () => {
      const both = await together(2);
      await passing(WINDOW_MS);
      const third = search();
      await expect.poll(() => asked.length).toBe(2);
      answer(1, 'newer');
      expect((await third).bytes.toString()).toBe('newer');
      answer(0, 'older');
      expect(textsOf(await Promise.all(both))).toEqual(['older', 'older']);
    });
  });

  it('of none turns it off', async () => {
    await withGateway({ COALESCING_WINDOW_MS: '0' }, async () => {
      const all = [search(), search()];
      await expect.poll(() => asked.length).toBe(2);
      answerEach(0);
      expect(statusesOf(await Promise.all(all))).toEqual([200, 200]);
    });
  });

  it('after an answer is nobody’s: it is not kept', async () => {
    const all = await together(2);
    answer(0);
    await Promise.all(all);
    const later = search();
    await expect.poll(() => asked.length).toBe(2);
    answer(1, 'later');
    expect((await later).bytes.toString()).toBe('later');
  });
});
