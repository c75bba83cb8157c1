import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

/** What is driven. */
export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The processes that serve it, whose CPU time is counted. */
  readonly pids: readonly number[];
}

/** What one round brought. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the serving processes together, in microseconds. */
  readonly cpuMicrosPerRequest: number;
}

/** How long and how wide a round is. */
export interface RoundOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** Of Linux on every machine that Node runs on: the unit of `/proc/<pid>/stat`. */
const TICKS_PER_SECOND = 100;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const MICROS_PER_SECOND = 1e6;

/** Drives a target for one round. @throws when an answer was not 2xx, for then it was something else that was measured */
export async function drive(target: Target, { connections, seconds }: RoundOptions): Promise<Round> {
  const before = cpuSeconds(target.pids);
  const result = await autocannon({
    url: target.url,
    headers: { ...target.headers },
    connections,
    duration: seconds,
  });
  const cpu = cpuSeconds(target.pids) - before;
  const answers = result['2xx'];
  if (result.non2xx + result.errors > 0)
    throw new Error(`${target.url}: ${result.non2xx} answers were not 2xx, ${result.errors} failed.`);
  return {
    requestsPerSecond: answers / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicrosPerRequest: (cpu / answers) * MICROS_PER_SECOND,
  };
}

/** CPU time that processes have used so far. */
function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    // The second field is the program's name in brackets and may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return sum + (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
  }, 0);
}

/** Rounds by turns, so that what else the machine does meets all targets alike; the median round of each. */
export async function driveByTurns<Name extends string>(
  targets: Readonly<Record<Name, Target>>,
  rounds: number,
  options: RoundOptions,
): Promise<Record<Name, Round>> {
  const names = Object.keys(targets) as Name[];
  const results = new Map<Name, Round[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) results.get(name)?.push(await drive(targets[name], options));
  const medians = names.map((name) => [name, medianOf(results.get(name) ?? [])]);
  return Object.fromEntries(medians) as Record<Name, Round>;
}

function medianOf(rounds: readonly Round[]): Round {
  const middle = (read: (round: Round) => number): number =>
    rounds.map(read).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0;
  return {
    requestsPerSecond: middle((round) => round.requestsPerSecond),
    p50Ms: middle((round) => round.p50Ms),
    p99Ms: middle((round) => round.p99Ms),
    cpuMicrosPerRequest: middle((round) => round.cpuMicrosPerRequest),
  };
}
