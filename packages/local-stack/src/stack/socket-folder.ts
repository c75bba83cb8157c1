import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPrefix, removeAbandoned } from '../processes/abandoned-folders.js';

const PREFIX = 'flights-';

/**
 * Makes a folder for the Unix sockets of a stack, and removes those of stacks that were killed. It is not beside the
 * data: a path of a socket has a hundred letters at most, which a checkout's own folder may have already.
 */
export async function makeSocketFolder(): Promise<string> {
  await removeAbandoned(PREFIX, [tmpdir()]);
  return mkdtemp(join(tmpdir(), ownPrefix(PREFIX)));
}
