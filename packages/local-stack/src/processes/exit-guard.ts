import { spawn } from 'node:child_process';

/** Releases the guard: the process it watched is gone, so its id may soon belong to another. */
export type ReleaseGuard = () => void;

/**
 * Makes sure that a process does not outlive this one, even when this one is killed with SIGKILL and can run
 * nothing more: a shell waits on a pipe that only we hold, and when the kernel closes it the shell sends `signal`.
 */
export function guardProcess(pid: number, signal: 'QUIT' | 'TERM'): ReleaseGuard {
  const guard = spawn(
    '/bin/sh',
    ['-c', 'read -r released || kill -s "$1" "$2"', 'exit-guard', signal, String(pid)],
    {
      cwd: '/',
      // A group of its own, or a terminal's Ctrl-C would end the guard before it has done its work.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  guard.stdin.on('error', () => undefined);
  return () => guard.stdin.end('released\n');
}
