import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway, bodyOf, read } from '../testing/running-gateway.js';

const MEGABYTE = 1 << 20;
/** How long nothing must move until it counts as held up; a megabyte takes a few milliseconds. */
const STILL_MS = 150;

const gateway = new RunningGateway();
let token: string;

beforeAll(async () => {
  await gateway.start();
  token = await gateway.issuer.userToken({ userId: 10 });
});
afterAll(() => gateway.stop());

/** So many megabytes, each told of when it is taken. */
function* megabytes(count: number, onTaken: () => void): Generator<Buffer> {
  for (let i = 0; i < count; i += 1) {
    onTaken();
    yield Buffer.alloc(MEGABYTE);
  }
}

/** Waits until a count has begun to grow and has stopped. */
async function untilStill(read: () => number): Promise<void> {
  let before = 0;
  while (read() === 0 || read() !== before) {
    before = read();
    await sleep(STILL_MS);
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('large bodies', () => {
  it('come through whole in both directions', async () => {
    gateway.flights.listener = (request, response) => {
      request.pipe(response);
    };
    const sent = randomBytes(5 * MEGABYTE);
    const answer = await gateway.call({ method: 'POST', path: '/api/flights/1', token, body: sent });
    expect(digest(answer.bytes)).toBe(digest(sent));
  });

  it('wait in the service while the client does not read', async () => {
    const total = 64 * MEGABYTE;
    let written = 0;
    gateway.flights.listener = (_request, response) => {
      response.writeHead(200, { 'content-length': String(total) });
      Readable.from(megabytes(64, () => (written += MEGABYTE))).pipe(response);
    };
    const request = gateway.open({ path: '/api/flights/1', token });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    request.end();
    const [response] = await answered;
    await untilStill(() => written);
    expect(written).toBeLessThan(total / 2);
    expect((await read(response)).bytes.length).toBe(total);
  });

  it('wait in the client while the service does not read', async () => {
    const total = 64 * MEGABYTE;
    let finish: () => void = () => {};
    gateway.flights.listener = (request, response) => {
      finish = () => void bodyOf(request).then((body) => response.end(String(body.length)));
    };
    const request = gateway.open({ method: 'POST', path: '/api/flights/1', token });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    let written = 0;
    Readable.from(megabytes(64, () => (written += MEGABYTE))).pipe(request);
    await untilStill(() => written);
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(total / 2);
    finish();
    expect((await read((await answered)[0])).bytes.toString()).toBe(String(total));
  });
});

describe('when somebody goes away', () => {
  it('a client that leaves ends the call to the service', async () => {
    const request = gateway.open({ path: '/api/flights/1', token });
    const closed = new Promise<void>((resolve) => {
      gateway.flights.listener = (received) => {
        received.on('close', () => resolve());
        request.destroy();
      };
    });
    request.on('error', () => undefined).end();
    await closed;
  });

  it('a client that leaves ends also the calls whose answers waited for earlier ones', async () => {
    const count = 20;
    let open = 0;
    gateway.flights.listener = (_request, response) => {
      open += 1;
      response.on('close', () => (open -= 1));
      response.writeHead(200, { 'content-length': String(8 * MEGABYTE) });
      Readable.from(megabytes(8, () => undefined)).pipe(response);
    };
    const client = connect(gateway.port, '127.0.0.1');
    const head = `GET /api/flights/1 HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${token}\r\n\r\n`;
    client.write(head.repeat(count));
    await expect.poll(() => open).toBeGreaterThan(count / 2);
    client.destroy();
    await expect.poll(() => open).toBe(0);
  });

  it('a client that takes nothing of a long answer is given up, and its call to the service ends', async () => {
    const impatient = new RunningGateway();
    await impatient.start({ CLIENT_TIMEOUT_MS: '300' });
    try {
      let isClosed = false;
      impatient.flights.listener = (_request, response) => {
        response.on('close', () => (isClosed = true));
        response.writeHead(200, { 'content-length': String(64 * MEGABYTE) });
        Readable.from(megabytes(64, () => undefined)).pipe(response);
      };
      const userToken = await impatient.issuer.userToken({ userId: 10 });
      const request = impatient.open({ path: '/api/flights/1', token: userToken });
      request.on('error', () => undefined).end();
      await once(request, 'response');
      await expect.poll(() => isClosed).toBe(true);
    } finally {
      await impatient.stop();
    }
  });

  it('a client that leaves in the middle of its body ends the call to the service', async () => {
    const headers = { 'content-length': '100' };
    const request = gateway.open({ method: 'POST', path: '/api/flights/1', token, headers });
    const closed = new Promise<void>((resolve) => {
      gateway.flights.listener = (received) => {
        received.on('error', () => undefined).on('close', () => resolve());
        received.on('data', () => request.destroy());
      };
    });
    request.on('error', () => undefined).write('some');
    await closed;
  });

  it('a service that breaks off in the middle of an answer breaks the answer off', async () => {
    gateway.flights.listener = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('some', () => response.destroy());
    };
    await expect(gateway.call({ path: '/api/flights/1', token })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });

  it('a service that refuses a body before its end is heard by the client', async () => {
    gateway.flights.listener = (_request, response) => {
      response.writeHead(413, { 'content-type': 'application/problem+json' });
      response.end('{"type":"body-too-large"}');
    };
    const answer = await gateway.call({
      method: 'POST',
      path: '/api/flights/1',
      token,
      body: Buffer.alloc(2 * MEGABYTE),
    });
    expect(answer).toMatchObject({ status: 413, body: { type: 'body-too-large' } });
  });
});
