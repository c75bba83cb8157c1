import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { makeTestFolder } from '../testing/test-folders.js';
import { makeSocketFolder } from './socket-folder.js';

const place = makeTestFolder('sockets');

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(place, { recursive: true, force: true });
});

test('sockets of a stack that was killed are removed, and those of one that runs are not', async () => {
  vi.stubEnv('TMPDIR', place);
  const { pid } = spawnSync(process.execPath, ['--version']);
  const abandoned = join(place, `flights-${pid}-1`);
  mkdirSync(abandoned);
  const first = await makeSocketFolder();
  await makeSocketFolder();
  expect([existsSync(abandoned), existsSync(first ?? '')]).toEqual([false, true]);
});

test('there are none where their paths would be too long', async () => {
  const long = join(place, 'x'.repeat(100));
  mkdirSync(long, { recursive: true });
  vi.stubEnv('TMPDIR', long);
  expect(await makeSocketFolder()).toBeUndefined();
  expect(readdirSync(long)).toEqual([]);
});
