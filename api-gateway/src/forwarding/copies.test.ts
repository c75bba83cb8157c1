import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningGateway, Upstream, bodyOf, type Answer } from '../testing/running-gateway.js';

const MEGABYTE = 1 << 20;

let gateway: RunningGateway;
let copies: readonly [Upstream, Upstream];
let seen: number[];
let token: string;

beforeEach(async () => {
  gateway = new RunningGateway();
  copies = [new Upstream(), new Upstream()];
  seen = [0, 0];
  await Promise.all(copies.map((copy) => copy.start()));
  copies.forEach((copy, index) => {
    copy.listener = (request, response) => {
      seen[index] = (seen[index] ?? 0) + 1;
      request.resume().on('end', () => response.end(String(index)));
    };
  });
  const addresses = copies.map(({ url }) => url).join(',');
  await gateway.start({ FLIGHT_SEARCH_URL: addresses, RATE_LIMIT_PER_USER: '1000000' });
  token = await gateway.issuer.userToken({ userId: 10 });
});

afterEach(async () => {
  await gateway.stop();
  await Promise.all(copies.map((copy) => copy.stop()));
});

const read = (): Promise<Answer> => gateway.call({ path: '/api/flights/1', token });
const write = (body?: Buffer): Promise<Answer> =>
  gateway.call({ method: 'POST', path: '/api/flights/1', token, ...(body && { body }) });
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Reads over and over, eight at a time, until told to stop; gives every answer's status. */
function readUntil(isEnough: () => boolean): Promise<number[]> {
  const statuses: number[] = [];
  const reader = async (): Promise<void> => {
    while (!isEnough()) statuses.push((await read()).status);
  };
  return Promise.all(Array.from({ length: 8 }, reader)).then(() => statuses);
}

describe('a service of several copies', () => {
  it('has its requests spread evenly over them', async () => {
    for (let i = 0; i < 10; i += 1) expect((await read()).status).toBe(200);
    expect(seen).toEqual([5, 5]);
  });

  it('loses no read when one of them dies under load, and uses it again when it is back', async () => {
    let isOver = false;
    const reading = readUntil(() => isOver);
    await expect.poll(() => Math.min(...seen)).toBeGreaterThan(50);
    await copies[0].stop();
    const atDeath = [...seen];
    await expect.poll(() => seen[1]).toBeGreaterThan((atDeath[1] ?? 0) + 200);
    await copies[0].start();
    await expect.poll(() => seen[0]).toBeGreaterThan((atDeath[0] ?? 0) + 50);
    isOver = true;
    expect(new Set(await reading)).toEqual(new Set([200]));
  });

  it('takes a write at the next copy, with its whole body, when one cannot be connected to', async () => {
    const received: string[] = [];
    copies[1].listener = (request, response) => {
      void bodyOf(request).then((bytes) => {
        received.push(digest(bytes));
        response.end('taken');
      });
    };
    await copies[0].stop();
    const bodies = [0, 1, 2, 3].map((size) => randomBytes(size * MEGABYTE + 1));
    for (const body of bodies) expect((await write(body)).bytes.toString()).toBe('taken');
    expect(received).toEqual(bodies.map(digest));
    expect(seen[0]).toBe(0);
  });

  it('gets a write that may have arrived at one copy at no other', async () => {
    let arrived = 0;
    for (const copy of copies) {
      copy.listener = (request) => {
        arrived += 1;
        request.socket.destroy();
      };
    }
    for (let i = 0; i < 4; i += 1) expect((await write()).status).toBe(503);
    expect(arrived).toBe(4);
  });

  it('gets a read that broke off at one copy at the other, and at no third', async () => {
    let broken = 0;
    copies[0].listener = (request) => {
      broken += 1;
      request.socket.destroy();
    };
    for (let i = 0; i < 4; i += 1) expect((await read()).bytes.toString()).toBe('1');
    expect(broken).toBe(2);
    copies[1].listener = copies[0].listener;
    expect((await read()).status).toBe(503);
    expect(broken).toBe(4);
  });

  it('is 503 when all of them are away, and there when one is back', async () => {
    await Promise.all(copies.map((copy) => copy.stop()));
    expect([(await read()).status, (await write(randomBytes(MEGABYTE))).status]).toEqual([503, 503]);
    await copies[1].start();
    expect([(await read()).status, (await write()).status]).toEqual([200, 200]);
  });
});
