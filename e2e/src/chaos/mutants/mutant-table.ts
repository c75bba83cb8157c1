import type { ChaosOptions } from '../chaos-options.js';
import type { Mutant, Scenario } from './mutant.js';
import { MUTANTS } from './mutants.js';
import { runScenario, tryMutant } from './mutant-trial.js';

const inSeconds = (ms: number | undefined): string => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`);
const row = (...[name, caughtBy, after]: [string, string, string]): string =>
  `  ${name.padEnd(40)}${caughtBy.padEnd(24)}${after}`;

/**
 * Tries every mutant, and the services as they are in the same scenarios.
 * @returns whether every mutant was caught and nothing else was
 */
export async function tryMutants(
  rootDir: string,
  say: ChaosOptions['say'],
  chosen: (mutant: Mutant) => boolean = () => true,
): Promise<boolean> {
  const mutants = MUTANTS.filter(chosen);
  const lines = [row('mutant', 'caught by', 'after')];
  let good = mutants.length > 0;
  for (const mutant of mutants) {
    const { name, caughtBy, afterMs } = await tryMutant(rootDir, mutant, () => undefined);
    const line = row(
      name,
      caughtBy.length === 0 ? 'SURVIVED' : [...new Set(caughtBy)].join(', '),
      inSeconds(afterMs),
    );
    say(line);
    lines.push(line);
    good &&= caughtBy.length > 0;
  }
  for (const scenario of new Set(mutants.map((mutant): Scenario => mutant.scenario))) {
    const { findings } = await runScenario(rootDir, scenario, () => undefined);
    const found = findings.map(({ check, offenders }) => `${check}: ${offenders[0]}`);
    const line = row(
      `as it is, ${scenario.name}`,
      found.length === 0 ? 'nothing found' : found.join('; '),
      '',
    );
    say(line);
    lines.push(line);
    good &&= found.length === 0;
  }
  say(['', ...lines].join('\n'));
  return good;
}
