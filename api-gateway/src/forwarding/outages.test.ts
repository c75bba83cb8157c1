import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../testing/running-gateway.js';

const MEGABYTE = 1 << 20;
const UPSTREAM_TIMEOUT_MS = 1_500;

const gateway = new RunningGateway();
let token: string;

beforeAll(async () => {
  await gateway.start({ UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS) });
  gateway.others.listener = (_request, response) => response.end('fine');
  token = await gateway.issuer.userToken({ userId: 10 });
});
afterAll(() => gateway.stop());

describe('a service that is away', () => {
  it('is 503 when nobody listens, for every method and body, while others answer', async () => {
    await gateway.flights.stop();
    const answers = await Promise.all([
      gateway.call({ path: '/api/flights/1', token }),
      gateway.call({ method: 'POST', path: '/api/flights/1', token, body: 'x' }),
      gateway.call({ method: 'POST', path: '/api/flights/1', token, body: Buffer.alloc(2 * MEGABYTE) }),
    ]);
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(body).toMatchObject({
        type: 'upstream-unavailable',
        upstream: 'flight-search',
        request_id: headers['x-request-id'],
      });
    }
    expect((await gateway.call({ path: '/api/tickets/1', token })).bytes.toString()).toBe('fine');
    await gateway.flights.start();
    gateway.flights.listener = (_request, response) => response.end('back');
    expect((await gateway.call({ path: '/api/flights/1', token })).bytes.toString()).toBe('back');
  });

  it('leaves the connection of a client whose body it did not take ready for the next request', async () => {
    await gateway.flights.stop();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const large = { method: 'POST', path: '/api/flights/1', token, body: Buffer.alloc(4 * MEGABYTE), agent };
    expect((await gateway.call(large)).status).toBe(503);
    expect((await gateway.call({ path: '/api/tickets/1', token, agent })).status).toBe(200);
    agent.destroy();
    await gateway.flights.start();
  });

  it('is 504 when it does not answer in time, and its late answer is not mixed up with another', async () => {
    gateway.flights.listener = (_request, response) => {
      setTimeout(() => response.end('late'), UPSTREAM_TIMEOUT_MS * 1.5);
    };
    let isAnswered = false;
    const hanging = gateway.call({ path: '/api/flights/1', token }).finally(() => (isAnswered = true));
    expect((await gateway.call({ path: '/api/tickets/1', token })).status).toBe(200);
    expect(isAnswered).toBe(false);
    const answer = await hanging;
    expect(answer).toMatchObject({
      status: 504,
      body: { type: 'upstream-timeout', upstream: 'flight-search' },
    });
    gateway.flights.listener = (_request, response) => response.end('prompt');
    expect((await gateway.call({ path: '/api/flights/1', token })).bytes.toString()).toBe('prompt');
  });

  it('gets a read once more when it closes the connection without a byte, and a write never', async () => {
    const seen: string[] = [];
    gateway.flights.listener = (request, response) => {
      seen.push(request.method ?? '');
      if (seen.length % 2 === 1) request.socket.destroy();
      else response.end('second');
    };
    expect((await gateway.call({ path: '/api/flights/1', token })).bytes.toString()).toBe('second');
    expect(seen).toEqual(['GET', 'GET']);
    expect((await gateway.call({ method: 'POST', path: '/api/flights/1', token })).status).toBe(503);
    expect(seen).toEqual(['GET', 'GET', 'POST']);
    gateway.flights.listener = (request) => void request.socket.destroy();
    expect((await gateway.call({ path: '/api/flights/1', token })).status).toBe(503);
  });

  it('breaks its answer off when it falls silent in the middle', async () => {
    gateway.flights.listener = (_request, response) => {
      response.writeHead(200);
      response.write('some');
    };
    await expect(gateway.call({ path: '/api/flights/1', token })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});
