import { medianFigures, type Figures } from './figures.js';
import { cpuSeconds, memoryMiB } from './processes.js';

const MICROS_PER_SECOND = 1e6;

/** Runs one turn. */
export type Turn = () => Promise<Figures>;

/** Turns one after the other, round by round, so that what else the machine does meets all alike; each one's medians. */
export async function byTurns<Name extends string>(
  contestants: Readonly<Record<Name, Turn>>,
  rounds: number,
): Promise<Record<Name, Figures>> {
  const names = Object.keys(contestants) as Name[];
  const turns = new Map<Name, Figures[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) turns.get(name)?.push(await contestants[name]());
  const medians = names.map((name) => [name, medianFigures(turns.get(name) ?? [])]);
  return Object.fromEntries(medians) as Record<Name, Figures>;
}

/**
 * Adds to a turn what it cost the processes that served it.
 * @param count how many operations the turn had, of what it brought
 */
export async function withCost<Result extends Figures>(
  pids: () => readonly number[],
  turn: () => Promise<{ readonly figures: Result; readonly count: number }>,
): Promise<Result & Figures> {
  const served = pids();
  const before = cpuSeconds(served);
  const { figures, count } = await turn();
  const cpuMicros = ((cpuSeconds(served) - before) / count) * MICROS_PER_SECOND;
  return { ...figures, cpuMicros, memoryMiB: memoryMiB(served) };
}
