import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestFolder } from '../testing/test-folders.js';
import { isAlive } from './process-table.js';
import { RestartBackoff } from './restart-backoff.js';
import { SupervisedProcess, type UnexpectedExit } from './supervised-process.js';
import { waitFor } from './wait-for.js';

let folder: string;
let exits: UnexpectedExit[];
const supervised: SupervisedProcess[] = [];

beforeEach(() => {
  folder = makeTestFolder('process');
  exits = [];
});

afterEach(async () => {
  await Promise.all(supervised.splice(0).map((process) => process.stop()));
  rmSync(folder, { recursive: true });
});

function supervise(code: string): SupervisedProcess {
  const script = join(folder, 'service.cjs');
  writeFileSync(script, code);
  const process = new SupervisedProcess(
    { script, cwd: folder, env: {}, logFile: join(folder, 'service.log') },
    (exit) => exits.push(exit),
    new RestartBackoff({ initialMs: 20, maxMs: 80, resetAfterMs: 60_000 }),
  );
  supervised.push(process);
  process.start();
  return process;
}

const log = () => readFileSync(join(folder, 'service.log'), 'utf8');

test('a process that keeps dying is started again after growing pauses, and its last words are kept', async () => {
  supervise(`console.error('bad variable: PORT'); process.exit(1);`);
  expect(await waitFor(() => exits.length >= 4, 10_000)).toBe(true);
  expect(exits.slice(0, 4).map((exit) => exit.restartInMs)).toEqual([20, 40, 80, 80]);
  expect(exits[0]).toMatchObject({ code: 1, signal: null, lastLog: 'bad variable: PORT' });
});

test('a killed process is started again, a stopped one is not', async () => {
  const process = supervise(`console.log('up'); setInterval(() => {}, 1000);`);
  await waitFor(() => log() === 'up\n', 10_000);
  const { pid } = process;
  await process.kill();
  expect(exits).toMatchObject([{ code: null, signal: 'SIGKILL' }]);
  expect(await waitFor(() => log() === 'up\nup\n', 10_000)).toBe(true);
  expect(process.pid).not.toBe(pid);

  const second = process.pid!;
  await process.stop();
  expect(isAlive(second)).toBe(false);
  expect(exits).toHaveLength(1);
});

test('a process that ignores SIGTERM is ended after three seconds', async () => {
  const process = supervise(
    `process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);`,
  );
  await waitFor(() => log() === 'up\n', 10_000);
  const pid = process.pid!;
  const startedAt = performance.now();
  await process.stop();
  expect(isAlive(pid)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});

test('a process that has nothing left to do after SIGTERM ends by itself', async () => {
  const process = supervise(
    `const timer = setInterval(() => {}, 1000); process.on('SIGTERM', () => clearInterval(timer)); console.log('up');`,
  );
  await waitFor(() => log() === 'up\n', 10_000);
  const startedAt = performance.now();
  await process.stop();
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});
