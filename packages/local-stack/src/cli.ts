#!/usr/bin/env node
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deathReport, readyReport, startReport } from './cli-report.js';
import { LocalStack } from './local-stack.js';
import { SetupError } from './setup.errors.js';
import { resetStack } from './stack/reset.js';
import type { StackEvent } from './stack/stack-options.js';

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const READY_TIMEOUT_MS = 90_000;
const READY_TIMEOUT_PER_COPY_MS = 30_000;
const USAGE = `Usage: npm start                     starts PostgreSQL, Redis and the nine services
       npm start -- --replicas 2     starts two copies, or up to four, of each behind one gateway
       npm start -- --processes 1    runs all nine in one process, which is fastest on a small machine
       npm run reset                 deletes their data; the stack has to be stopped`;

async function start(rootDir: string, replicas: number, inOneProcess: boolean): Promise<void> {
  const startedAt = performance.now();
  const options = { rootDir, replicas, inOneProcess, ports: 'documented', persistent: true } as const;
  const stack = new LocalStack({ ...options, onEvent: tell(startReport(replicas, inOneProcess)) });
  const stopped = stopOnSignal(stack);
  try {
    console.log('Starting PostgreSQL and Redis …');
    await stack.start();
    const patienceMs = READY_TIMEOUT_MS + (replicas - 1) * READY_TIMEOUT_PER_COPY_MS;
    const late = await stack.waitUntilHealthy(patienceMs).catch((error: Error) => error);
    const seconds = (performance.now() - startedAt) / 1000;
    if (!stopped.requested)
      console.log(readyReport(stack.addresses, await stack.health(), seconds, process.env.ADMIN_EMAIL));
    if (late !== undefined && !stopped.requested) console.error(late.message);
  } catch (error) {
    // Whoever pressed Ctrl-C during the start knows why it did not succeed.
    if (!stopped.requested) throw error;
  }
}

/** Prints what the owner of a terminal wants to know; a service's own words only the first time it fails. */
function tell(startLine: string): (event: StackEvent) => void {
  const explained = new Set<string>();
  return (event) => {
    if (event.type === 'installing-redis') console.log('Installing Redis with apt-get …');
    if (event.type === 'starting-services') console.log(startLine);
    if (event.type === 'server-died') {
      const end = event.restarting
        ? 'died; starting it again.'
        : 'was stopped from outside; restart the stack.';
      console.error(`${event.server} ${end}`);
    }
    if (event.type !== 'service-died') return;
    console.error(deathReport(event, !explained.has(event.service)));
    explained.add(event.service);
  };
}

/** Stops the stack on the first signal, and kills it on the second. */
function stopOnSignal(stack: LocalStack): { readonly requested: boolean } {
  const state = { requested: false };
  let requestedAt = 0;
  const stop = (cause: string) => {
    if (!state.requested) {
      state.requested = true;
      requestedAt = performance.now();
      console.log(`\n${cause}: stopping …`);
      void stack.stop().then(() => process.exit(0), fail);
      return;
    }
    // One Ctrl-C can arrive twice: from the terminal and again from npm, which passes it on.
    if (performance.now() - requestedAt < 500) return;
    stack.killNow();
    process.exit(130);
  };
  process.on('SIGINT', () => stop('Ctrl-C'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGHUP', () => stop('SIGHUP'));
  stopWithNpm(() => state.requested || stop('npm has ended'));
  return state;
}

/** A SIGTERM to npm ends npm and its shell without reaching us, and nobody could press Ctrl-C any more. */
function stopWithNpm(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), 250).unref();
}

function fail(error: unknown): never {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}

async function main(): Promise<void> {
  const { positionals, values } = parseArguments();
  const rootDir = resolve(values.root);
  if (positionals.length > 1) throw new SetupError(USAGE);
  if (positionals[0] === 'start')
    return start(rootDir, Number(values.replicas), isOneProcess(values.processes));
  if (positionals[0] !== 'reset') throw new SetupError(USAGE);
  const deleted = await resetStack(join(rootDir, '.local'));
  console.log(deleted ? 'All local data is deleted.' : 'There is no local data.');
}

function parseArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        replicas: { type: 'string', default: '1' },
        processes: { type: 'string', default: '9' },
        root: { type: 'string', default: CHECKOUT },
      },
    });
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

function isOneProcess(processes: string): boolean {
  if (processes === '1') return true;
  if (processes === '9') return false;
  throw new SetupError('--processes has to be 9, one for each service, or 1 for all of them.');
}

// A terminal that has gone away must not end us before the services have been stopped.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
main().catch(fail);
