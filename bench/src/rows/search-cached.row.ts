import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drive, type DrivenRequest, type Target } from '../measure/drive.js';
import { byTurns } from '../measure/turns.js';
import { atLeast, throughputRatio, type Result } from '../report/result.js';
import { Customer } from '../stack/customer.js';
import { searchPath, travelDays } from '../stack/routes.js';
import type { BenchStack } from '../stack/bench-stack.js';
import type { BenchOptions } from '../bench-options.js';
import { YardstickProcess } from '../yardstick-process.js';

/** Some two kilobytes: the first itinerary of a page. */
const ITINERARIES = '&limit=1';
const CONNECTIONS = 32;
/** Twice as many searches as connections, taken in turn, so that hardly ever two connections ask for the same. */
const PAIRS = 16;
const DAYS = 4;

/**
 * A cached search on the service's own port and through the gateway, each against the same bytes from a bare server. Through
 * the gateway it is also measured with another search for every connection, for the gateway coalesces requests for the same.
 */
export async function searchCached(bench: BenchStack, options: BenchOptions): Promise<Result[]> {
  const customer = await Customer.signUp(bench.gateway);
  const databaseUrl = bench.stack.postgresUrl('flight-search-service');
  const [day] = await travelDays(databaseUrl, 1, 1);
  if (day === undefined) throw new Error('The timetable is empty.');
  const path = searchPath(day, ITINERARIES);
  const bytes = await answerOf(bench, customer, path);
  const others = await travelDays(databaseUrl, PAIRS, DAYS);
  const paths = others.map((other) => searchPath(other, ITINERARIES));
  // Each is asked for once, after which it is cached.
  const sizes = await Promise.all(paths.map(async (one) => (await answerOf(bench, customer, one)).length));
  const folder = await mkdtemp(join(tmpdir(), 'flight-booking-bench-'));
  const yardsticks: YardstickProcess[] = [];
  try {
    const file = join(folder, 'answer.json');
    await writeFile(file, bytes);
    const server = await YardstickProcess.start('bare-server', file);
    yardsticks.push(server);
    const proxy = await YardstickProcess.start('bare-proxy', server.url);
    yardsticks.push(proxy);
    const request = { path, headers: customer.headers };
    const next = () => request;
    const nextInTurn = inTurn(paths.map((one) => ({ ...request, path: one })));
    const targets = {
      server: { url: server.url, next, pids: [server.pid] },
      service: { url: bench.url('flight-search-service'), next, pids: bench.pids('flight-search-service') },
      proxy: { url: proxy.url, next, pids: [server.pid, proxy.pid] },
      gateway: {
        url: bench.url('api-gateway'),
        next,
        pids: bench.pids('api-gateway', 'flight-search-service'),
      },
      spread: {
        url: bench.url('api-gateway'),
        next: nextInTurn,
        pids: bench.pids('api-gateway', 'flight-search-service'),
      },
    } satisfies Record<string, Target>;
    return toResults(await measured(targets, options), bytes.length, sizes);
  } finally {
    await Promise.all(yardsticks.map((yardstick) => yardstick.stop()));
    await rm(folder, { recursive: true });
  }
}

async function answerOf(bench: BenchStack, { headers }: Customer, path: string): Promise<Buffer> {
  const answer = await bench.gateway.request({ method: 'GET', path, headers });
  return Buffer.from(await answer.body.arrayBuffer());
}

function inTurn(requests: readonly DrivenRequest[]): () => DrivenRequest {
  let count = 0;
  return () => {
    count += 1;
    return requests[count % requests.length] as DrivenRequest;
  };
}

async function measured<Name extends string>(targets: Record<Name, Target>, options: BenchOptions) {
  const turns = (seconds: number) =>
    Object.fromEntries(
      (Object.keys(targets) as Name[]).map((name) => [
        name,
        () => drive(targets[name], { connections: CONNECTIONS, seconds }),
      ]),
    ) as Record<Name, () => ReturnType<typeof drive>>;
  await byTurns(turns(options.warmUpSeconds), 1);
  return byTurns(turns(options.turnSeconds), options.rounds);
}

function toResults(
  {
    server,
    service,
    proxy,
    gateway,
    spread,
  }: Awaited<ReturnType<typeof measured<'server' | 'service' | 'proxy' | 'gateway' | 'spread'>>>,
  size: number,
  sizes: readonly number[],
): Result[] {
  const note = `${size} bytes, ${CONNECTIONS} connections`;
  const yardstick = { name: 'bare node:http and undici, two hops', figures: proxy };
  const meanSize = Math.round(sizes.reduce((sum, each) => sum + each, 0) / sizes.length);
  return [
    {
      path: 'search through the gateway, cached, token checked, limits on',
      ours: gateway,
      yardstick,
      goals: [atLeast(0.9, throughputRatio(gateway, proxy), 'ratio')],
      note: `${note} that ask for the same, so that the gateway coalesces most of the requests`,
    },
    {
      path: 'search through the gateway, cached, another search on every connection',
      ours: spread,
      yardstick,
      goals: [atLeast(0.9, throughputRatio(spread, proxy), 'ratio')],
      note: `${meanSize} bytes on average of ${sizes.length} searches, ${CONNECTIONS} connections, so that nearly every request makes both hops`,
    },
    {
      path: "search on the service's own port, cached",
      ours: service,
      yardstick: { name: 'bare node:http', figures: server },
      goals: [atLeast(0.35, throughputRatio(service, server), 'ratio')],
      note,
    },
  ];
}
