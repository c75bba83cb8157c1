import { setTimeout as sleep } from 'node:timers/promises';
import { memoryMiB } from '../measure/processes.js';
import { below, type Result } from '../report/result.js';
import type { BenchStack } from '../stack/bench-stack.js';

/** What the start has allocated and nobody needs is collected by then. */
const COMES_TO_REST_IN_MS = 10_000;

/** What the services take when nobody asks them for anything, and how long they took to get ready. */
export async function atRest(bench: BenchStack): Promise<Result[]> {
  await sleep(COMES_TO_REST_IN_MS);
  const services = memoryMiB(bench.pids());
  return [
    {
      path: `memory at rest, ${bench.description}`,
      ours: { memoryMiB: services },
      goals: [below(900, services, 'MiB')],
      note: 'PSS of the services together, without PostgreSQL and Redis',
    },
    {
      path: `start, ${bench.description}`,
      ours: { p50Ms: bench.startSeconds * 1_000 },
      goals: [below(20, bench.startSeconds, 'seconds')],
      note: 'with empty databases: PostgreSQL is made, migrated and filled with the timetable',
    },
  ];
}

/** What search takes with its index and after it has answered. */
export function searchMemory(bench: BenchStack): Result {
  const memory = memoryMiB(bench.pids('flight-search-service'));
  return {
    path: `memory of flight-search-service, ${bench.description}`,
    ours: { memoryMiB: memory },
    goals: [below(600, memory, 'MiB')],
    note: 'PSS, after all that was measured before',
  };
}
