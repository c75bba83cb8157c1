import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

/**
 * Loaded into a process before its own program (`--import`), takes a CPU profile from SIGUSR2 to its end and leaves it
 * in the folder that `BENCH_PROFILES` names. Node's own `--cpu-prof` cannot be asked for through `NODE_OPTIONS`.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
process.once('SIGUSR2', () => session.post('Profiler.start'));
process.on('exit', () => {
  const file = `${process.env.BENCH_PROFILES}/${process.env.SERVICE_CLIENT_ID}.cpuprofile`;
  session.post('Profiler.stop', (_error, { profile }) => writeFileSync(file, JSON.stringify(profile)));
});
