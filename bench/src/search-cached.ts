import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalStack } from '@flight-booking/local-stack';
import { driveByTurns, type Round, type Target } from './drive.js';
import { YardstickProcess } from './yardstick-process.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ROUND = { connections: 32, seconds: Number(process.env.BENCH_SECONDS ?? 4) };
const START_PATIENCE_MS = 120_000;
const DAYS_AHEAD = 14;
const DAY_MS = 86_400_000;
/** Some two kilobytes: the first itineraries of a page. */
const ITINERARIES = 3;

const UNLIMITED = '1000000000';
const SETTINGS = {
  // One line in a hundred good reads, every other request's always.
  LOG_SAMPLE_RATE: process.env.LOG_SAMPLE_RATE ?? '0.01',
  RATE_LIMIT_PER_USER: UNLIMITED,
  RATE_LIMIT_PER_ADDRESS: UNLIMITED,
};

const PROFILED: Record<string, string> =
  process.env.BENCH_PROFILES === undefined
    ? {}
    : { NODE_OPTIONS: `--import ${new URL('./profiler.js', import.meta.url).href}` };

/** A cached search on the service's own port and through the gateway, each with the same bytes from a bare server. */
async function main(): Promise<void> {
  const stack = new LocalStack({
    rootDir: ROOT,
    ports: 'free',
    persistent: false,
    env: { ...process.env, ...SETTINGS },
    serviceEnv: { 'api-gateway': PROFILED, 'flight-search-service': PROFILED },
  });
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const yardsticks: YardstickProcess[] = [];
  try {
    await stack.start();
    await stack.waitUntilHealthy(START_PATIENCE_MS);
    const search = await searchOf(stack);
    const file = join(folder, 'answer.json');
    await writeFile(file, search.bytes);
    const server = await YardstickProcess.start('bare-server', file);
    yardsticks.push(server);
    const proxy = await YardstickProcess.start('bare-proxy', server.url);
    yardsticks.push(proxy);
    const { headers, path } = search;
    const pidOf = (service: 'api-gateway' | 'flight-search-service') => stack.pid(service) as number;
    const targets = {
      bareServer: { url: server.url + path, headers, pids: [server.pid] },
      service: {
        url: stack.urls['flight-search-service'] + path,
        headers,
        pids: [pidOf('flight-search-service')],
      },
      bareProxy: { url: proxy.url + path, headers, pids: [server.pid, proxy.pid] },
      gateway: {
        url: stack.urls['api-gateway'] + path,
        headers,
        pids: [pidOf('flight-search-service'), pidOf('api-gateway')],
      },
    } satisfies Record<string, Target>;
    await driveByTurns(targets, 1, { ...ROUND, seconds: 2 });
    if (process.env.BENCH_PROFILES !== undefined)
      for (const pid of targets.gateway.pids) process.kill(pid, 'SIGUSR2');
    report(search.bytes.length, await driveByTurns(targets, ROUNDS, ROUND));
  } finally {
    await Promise.all(yardsticks.map((yardstick) => yardstick.stop()));
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function searchOf(stack: LocalStack) {
  const gateway = stack.urls['api-gateway'];
  const account = { name: 'Bench', email: 'bench@example.com', password: 'pass-of-the-bench' };
  const signedUp = await fetch(`${gateway}/api/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  const { token } = (await signedUp.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const date = new Date(Date.now() + DAYS_AHEAD * DAY_MS).toISOString().slice(0, 10);
  const path = `/api/flights/search?source=DEL&destination=BLR&date=${date}&limit=${ITINERARIES}`;
  const bytes = Buffer.from(await (await fetch(gateway + path, { headers })).arrayBuffer());
  return { headers, path, bytes };
}

function report(
  size: number,
  rounds: Record<'bareServer' | 'service' | 'bareProxy' | 'gateway', Round>,
): void {
  const line = (name: string, ours: Round, bare: Round): string =>
    `${name}: ${ours.requestsPerSecond.toFixed(0)}/s against ${bare.requestsPerSecond.toFixed(0)}/s, ` +
    `ratio ${(ours.requestsPerSecond / bare.requestsPerSecond).toFixed(2)}; ` +
    `CPU ${ours.cpuMicrosPerRequest.toFixed(0)} us against ${bare.cpuMicrosPerRequest.toFixed(0)} us, ` +
    `ratio ${(bare.cpuMicrosPerRequest / ours.cpuMicrosPerRequest).toFixed(2)}; ` +
    `p50 ${ours.p50Ms} ms, p99 ${ours.p99Ms} ms\n`;
  process.stdout.write(`${size} bytes, ${ROUND.connections} connections, ${ROUNDS} rounds by turns\n`);
  process.stdout.write(line('search on its own port', rounds.service, rounds.bareServer));
  process.stdout.write(line('search through the gateway', rounds.gateway, rounds.bareProxy));
}

await main();
