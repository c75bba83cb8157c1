import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** What `npm run build` made. */
const PROFILER = new URL('../dist/profiler.js', import.meta.url).href;
/** It also says when it has been asked: of two signals that wait, either may come first. */
const WAIT = `process.on('SIGUSR2', () => console.log('asked')); setInterval(() => {}, 1000); console.log('up')`;
const END_WELL = `process.on('SIGTERM', () => process.exit(3));`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profiles-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program under the profiler until SIGTERM, and says how it ended and which profiles it left. */
async function endOf(program: string, isAsked: boolean) {
  const child = spawn(process.execPath, ['--import', PROFILER, '-e', program], {
    env: { ...process.env, BENCH_PROFILES: folder, SERVICE_CLIENT_ID: 'depot' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  if (isAsked) {
    child.kill('SIGUSR2');
    await once(child.stdout, 'data');
  }
  child.kill('SIGTERM');
  const [code, signal] = (await ended) as [number | null, string | null];
  return {
    code,
    signal,
    profiles: (await readdir(folder)).map((name) => name.replace(`${child.pid}`, 'PID')),
  };
}

const LEFT = ['depot-PID.cpuprofile'];

test.each([
  ['that ends as it likes', END_WELL + WAIT, true, { code: 3, signal: null, profiles: LEFT }],
  ['that leaves the signal alone', WAIT, true, { code: null, signal: 'SIGTERM', profiles: LEFT }],
  ['that nobody asked for a profile', END_WELL + WAIT, false, { code: 3, signal: null, profiles: [] }],
])('a program %s ends as it would without the profiler', async (_which, program, isAsked, end) => {
  expect(await endOf(program, isAsked)).toEqual(end);
});
