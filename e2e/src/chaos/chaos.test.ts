import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../api/openapi-document.js';
import { doubleGrants } from './checks/seat-grants.js';
import { FAITHFUL, FaultProxy, type ProxyFaults } from './fault-proxy.js';
import { allFaults, faultSchedule } from './fault-schedule.js';
import { History, type Told } from './history.js';
import { MUTANTS } from './mutants/mutants.js';
import { MutantDoesNotApply, patched, requireApplicable } from './mutants/mutant-checkout.js';
import { Random } from './random.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serviceThat(answer: (request: IncomingMessage) => string) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.end(answer(request));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function proxyTo(addresses: readonly string[], faults: Partial<ProxyFaults> = {}) {
  const proxy = new FaultProxy(new Random(1));
  const url = await proxy.start();
  stops.push(() => proxy.stop());
  proxy.leadTo(addresses);
  proxy.faults = { ...FAITHFUL, ...faults };
  return { proxy, url };
}

describe('the mutants', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    '%s still applies to the services as they are built',
    async (_name, { patches }) => {
      await expect(requireApplicable(fileURLToPath(ROOT), patches)).resolves.toBeUndefined();
    },
  );

  it('say so when what they change is not there, or is there twice', () => {
    const patch = { file: 'a.js', find: 'guard', replace: '' };
    expect(patched('a guard', patch)).toBe('a ');
    expect(() => patched('nothing', patch)).toThrow(MutantDoesNotApply);
    expect(() => patched('guard guard', patch)).toThrow(MutantDoesNotApply);
  });
});

describe('the fault proxy', () => {
  it('passes everything on unchanged while it injects nothing', async () => {
    const { seen, address } = await serviceThat(
      (request) => `${request.method} ${String(request.headers['x-mark'])}`,
    );
    const { url } = await proxyTo([address]);
    const answer = await fetch(`${url}/a%20b?c=d`, {
      method: 'POST',
      headers: { 'x-mark': 'kept' },
      body: '{}',
    });
    expect([answer.status, await answer.text()]).toEqual([200, 'POST kept']);
    expect(seen).toEqual(['/a%20b?c=d']);
  });

  it('breaks the line before the request, so that nothing happened', async () => {
    const { seen, address } = await serviceThat(() => 'done');
    const { proxy, url } = await proxyTo([address], { cutBefore: 1 });
    await expect(fetch(url, { method: 'POST' })).rejects.toThrow('fetch failed');
    expect(seen).toEqual([]);
    expect(proxy.injected.cutBefore).toBeGreaterThan(0);
  });

  it('breaks the line after the request, so that nobody knows that it happened', async () => {
    const { seen, address } = await serviceThat(() => 'done');
    const { url } = await proxyTo([address], { cutAfter: 1 });
    await expect(fetch(url, { method: 'POST' })).rejects.toThrow('fetch failed');
    expect(seen).toEqual(['/']);
  });

  it('sends twice what may be repeated, and nothing else', async () => {
    const { seen, address } = await serviceThat(() => 'done');
    const { url } = await proxyTo([address], { duplicate: 1 });
    await fetch(`${url}/api/bookings/create`, { method: 'POST' });
    await fetch(`${url}/internal/events`, { method: 'POST' });
    await expect.poll(() => seen).toEqual(['/api/bookings/create', '/internal/events', '/internal/events']);
  });

  it('passes by a copy that is dead', async () => {
    const dead = await serviceThat(() => 'dead');
    await stops.pop()?.();
    const { address } = await serviceThat(() => 'alive');
    const { url } = await proxyTo([dead.address, address]);
    const answers = await Promise.all([1, 2, 3, 4].map(async () => (await fetch(url)).text()));
    expect(answers).toEqual(['alive', 'alive', 'alive', 'alive']);
  });
});

describe('a seed', () => {
  it('repeats what breaks when', () => {
    const plan = { durationMs: 120_000, everyMs: 4_000, copies: 2 };
    const schedule = faultSchedule(new Random(7).fork('faults'), plan);
    expect(faultSchedule(new Random(7).fork('faults'), plan)).toEqual(schedule);
    expect(faultSchedule(new Random(8).fork('faults'), plan)).not.toEqual(schedule);
  });

  it('gives every fault its turn before any has a second one', () => {
    const all = allFaults(1);
    const schedule = faultSchedule(new Random(1), { durationMs: 3_600_000, everyMs: 1_000, copies: 1 });
    const names = schedule.slice(0, all.length).map(({ fault }) => JSON.stringify(fault));
    expect(names.toSorted()).toEqual(all.map((fault) => JSON.stringify(fault)).toSorted());
  });
});

describe('the history of seats', () => {
  const lock = (userId: number, lockId: number, answeredAt: number, expiresAt: number): Told => ({
    action: 'lock',
    userId,
    path: '/api/seats/lock',
    asked: {},
    key: undefined,
    askedAt: answeredAt - 5,
    answeredAt,
    outcome: 'ok',
    status: 201,
    answer: { lock_id: lockId, flight_id: 7, seats: ['1A'], expires_at: new Date(expiresAt).toISOString() },
  });
  const historyOf = (...entries: Told[]): History => {
    const history = new History();
    for (const entry of entries) history.add(entry);
    return history;
  };

  it('finds a seat that two customers were promised at once', () => {
    expect(doubleGrants(historyOf(lock(1, 11, 1_000, 5_000), lock(2, 12, 2_000, 6_000)))).toEqual([
      expect.stringMatching(/^7\/1A was promised to customer 1, lock 11 until .* customer 2, lock 12 from/),
    ]);
  });

  it('finds a paid seat that was promised to somebody else before anybody cancelled it', () => {
    const booked: Told = {
      ...lock(1, 11, 1_000, 2_000),
      action: 'book',
      answer: {
        booking_id: 5,
        status: 'PENDING',
        expires_at: new Date(2_000).toISOString(),
        seats: [{ flight_id: 7, seat_number: '1A' }],
      },
    };
    const paid: Told = { ...booked, action: 'pay', answer: { booking_id: 5, booking_status: 'CONFIRMED' } };
    expect(doubleGrants(historyOf(booked, paid, lock(2, 12, 9_000, 10_000)))).toEqual([
      expect.stringContaining('customer 1, booking 5 until it is cancelled'),
    ]);
  });

  it('finds nothing when the first lock was over, or lost with Redis, or is the same customer again', () => {
    expect(doubleGrants(historyOf(lock(1, 11, 1_000, 2_000), lock(2, 12, 2_000, 6_000)))).toEqual([]);
    expect(doubleGrants(historyOf(lock(1, 11, 1_000, 5_000), lock(1, 12, 2_000, 6_000)))).toEqual([]);
    const flushed = historyOf(lock(1, 11, 1_000, 5_000), lock(2, 12, 2_000, 6_000));
    flushed.lockLosses.push({ from: 1_500, to: 1_600 });
    expect(doubleGrants(flushed)).toEqual([]);
    const flushedLate = historyOf(lock(1, 11, 1_000, 5_000), lock(2, 12, 2_000, 6_000));
    flushedLate.lockLosses.push({ from: 500, to: 1_500 });
    expect(doubleGrants(flushedLate)).toEqual([]);
    const flushedBefore = historyOf(lock(1, 11, 1_000, 5_000), lock(2, 12, 2_000, 6_000));
    flushedBefore.lockLosses.push({ from: 100, to: 200 });
    expect(doubleGrants(flushedBefore)).toHaveLength(1);
  });

  it('ends a lock when its customer asks to book it, for the answer may be on its way', () => {
    const booked: Told = {
      ...lock(1, 11, 1_700, 0),
      action: 'book',
      asked: { lock_id: 11 },
      askedAt: 1_500,
      outcome: 'unknown',
    };
    expect(doubleGrants(historyOf(lock(1, 11, 1_000, 5_000), booked, lock(2, 12, 2_000, 6_000)))).toEqual([]);
  });
});
