import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPrefix, removeAbandoned } from '../processes/abandoned-folders.js';

const PREFIX = 'flights-';
/** What kernels take of a socket's path (macOS; Linux takes four more), less the longest name of a socket. */
const LONGEST_FOLDER = 103 - '/65535.sock'.length;
/** What `mkdtemp` adds. */
const RANDOM_LETTERS = 6;

/**
 * Makes a folder for the Unix sockets of a stack, and removes those of stacks that were killed. It is not beside the
 * data: a path of a socket has a hundred letters at most, which a checkout's own folder may have already.
 * @returns undefined where the temporary folder's own path is too long, so that there are no sockets
 */
export async function makeSocketFolder(): Promise<string | undefined> {
  await removeAbandoned(PREFIX, [tmpdir()]);
  const folder = join(tmpdir(), ownPrefix(PREFIX));
  return Buffer.byteLength(folder) + RANDOM_LETTERS > LONGEST_FOLDER ? undefined : mkdtemp(folder);
}
