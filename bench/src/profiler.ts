import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

/**
 * Loaded into a process before its own program (`--import`), takes a CPU profile from SIGUSR2 to its end and leaves it
 * in the folder that `BENCH_PROFILES` names. Node's own `--cpu-prof` cannot be asked for through `NODE_OPTIONS`.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
let isProfiling = false;

process.once('SIGUSR2', () => {
  isProfiling = true;
  session.post('Profiler.start');
});
process.on('exit', writeProfile);
process.once('SIGTERM', () => {
  // A program that handles the signal says itself when it ends; another would have ended here, without an `exit`.
  if (process.listenerCount('SIGTERM') > 0) return;
  writeProfile();
  process.kill(process.pid, 'SIGTERM');
});

/** Copies of a service differ in their process ids, and a process of several services has no name. */
function writeProfile(): void {
  if (!isProfiling) return;
  isProfiling = false;
  const { BENCH_PROFILES: folder, SERVICE_CLIENT_ID: name = 'process' } = process.env;
  session.post('Profiler.stop', (error, answer) => {
    if (error === null)
      writeFileSync(`${folder}/${name}-${process.pid}.cpuprofile`, JSON.stringify(answer.profile));
    else process.stderr.write(`No CPU profile: ${error.message}\n`);
  });
}
