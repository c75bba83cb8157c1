import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { freePorts } from './ports/free-port.js';
import { waitFor } from './processes/wait-for.js';
import { SERVICES } from './services.js';
import { fakeCheckout, type FakeCheckout } from './testing/fake-checkout.js';

// Ten processes start at once, which takes a while on a machine that runs other tests too.
vi.setConfig({ testTimeout: 90_000 });

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

let checkout: FakeCheckout;
let ports: Record<string, string>;
const children: ChildProcess[] = [];

// The command line runs as a process of its own, and Node 20 runs only what has been built.
beforeAll(() => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-b', PACKAGE]);
});

beforeEach(async () => {
  checkout = fakeCheckout();
  const free = await freePorts(SERVICES.length);
  ports = Object.fromEntries(SERVICES.map(({ prefix }, index) => [`${prefix}_PORT`, String(free[index])]));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await waitFor(() => processesOf(checkout).length === 0, 10_000);
  await run('reset').exited;
  checkout.remove();
});

function run(command: string, env: Record<string, string> = {}, further: readonly string[] = []) {
  const { REDIS_URL: _ignored, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    [join(PACKAGE, 'dist', 'cli.js'), command, '--root', checkout.rootDir, ...further],
    {
      env: { ...inherited, ...ports, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    exited,
    output: () => output,
    ready: () => waitFor(() => output.includes('npm run demo'), 60_000),
  };
}

/** Everything that runs in the checkout: services by their folder, servers by theirs. */
function processesOf({ rootDir }: FakeCheckout): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(rootDir);
    } catch {
      return false;
    }
  });
}

test('start prints one table with every copy, and Ctrl-C ends everything within five seconds', async () => {
  const stack = run('start', {}, ['--replicas', '2']);
  expect(await stack.ready(), stack.output()).toBe(true);
  expect(stack.output()).toContain('2 copies of each behind the gateway');
  expect(stack.output()).toMatch(/seat-service +http:\/\/127\.0\.0\.1:\d+ +ready/);
  expect(stack.output()).toMatch(/seat-service \(copy 2\) +http:\/\/127\.0\.0\.1:\d+ +ready/);
  expect(stack.output()).not.toMatch(/NOT READY|api-gateway \(copy 2\)/);
  expect(processesOf(checkout).length).toBeGreaterThanOrEqual(process.platform === 'linux' ? 19 : 0);

  const reset = run('reset');
  expect(await reset.exited).toBe(1);
  expect(reset.output()).toMatch(/^The stack is running, as process \d+\. Stop it first/);

  const startedAt = performance.now();
  stack.child.kill('SIGINT');
  expect(await stack.exited).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(processesOf(checkout)).toEqual([]);
});

test('services that ignore Ctrl-C are gone within five seconds', async () => {
  const patient = run('start', { FAKE_STUBBORN: '1' });
  expect(await patient.ready(), patient.output()).toBe(true);
  const startedAt = performance.now();
  patient.child.kill('SIGINT');
  expect(await patient.exited).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(processesOf(checkout)).toEqual([]);
});

test('a second Ctrl-C ends everything at once', async () => {
  const hurried = run('start', { FAKE_STUBBORN: '1' });
  expect(await hurried.ready(), hurried.output()).toBe(true);
  hurried.child.kill('SIGINT');
  // A second signal right after the first is the first one passed on by npm.
  await sleep(600);
  hurried.child.kill('SIGINT');
  expect(await hurried.exited).toBe(130);
  expect(await waitFor(() => processesOf(checkout).length === 0, 1_500)).toBe(true);
});

test('nothing outlives a supervisor that is killed with SIGKILL, and the next start works', async () => {
  const killed = run('start');
  expect(await killed.ready(), killed.output()).toBe(true);
  expect(killed.output()).toMatch(/seat-service +http:\/\/127\.0\.0\.1:\d+ +ready/);
  expect(killed.output()).not.toMatch(/NOT READY|cop(y|ies)/);
  killed.child.kill('SIGKILL');
  await killed.exited;
  expect(await waitFor(() => processesOf(checkout).length === 0, 5_000)).toBe(true);

  const next = run('start');
  expect(await next.ready(), next.output()).toBe(true);
  next.child.kill('SIGTERM');
  expect(await next.exited).toBe(0);
});

test('a taken port ends the start before anything runs, without a stack trace', async () => {
  const intruder = createServer().listen(Number(ports['SEAT_PORT']), '127.0.0.1');
  await once(intruder, 'listening');
  const stack = run('start');
  expect(await stack.exited).toBe(1);
  intruder.close();
  expect(stack.output()).toMatch(/which seat-service needs, is taken by process \d+.*SEAT_PORT=/);
  expect(stack.output()).not.toMatch(/\n\s+at /);
  expect(readdirSync(checkout.rootDir)).not.toContain('postgres');
});

test.each([
  [
    ['start', '--processes', '2'],
    /^--processes has to be 9, one for each service, or 1 for all of them\.\n$/,
  ],
  [
    ['start', '--processes', '1', '--replicas', '2'],
    /^--processes 1 holds one copy of each service; leave --replicas out\.\n$/,
  ],
  [['start', '--replicas', '5'], /^--replicas has to be a whole number from 1 to 4\.\n$/],
  [['start', '--wrong'], /Unknown option '--wrong'[^]*Usage/],
  [['other'], /^Usage/],
])('the arguments %j are refused with a sentence', async (args, message) => {
  const child = spawn(process.execPath, [join(PACKAGE, 'dist', 'cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(output).toMatch(message);
});
