import { ChaosRun } from '../chaos-run.js';
import { USUAL, type ChaosOptions } from '../chaos-options.js';
import type { ChaosReport } from '../chaos-report.js';
import type { ChaosFinding } from '../checks/finding.js';
import type { Catcher, Mutant, Scenario } from './mutant.js';
import { mutantCheckout, removeCheckout } from './mutant-checkout.js';

/** What became of a mutant, or of the services as they are in the same scenario. */
export interface Trial {
  readonly name: string;
  /** The checks that found it; none when it survived. */
  readonly caughtBy: readonly string[];
  /** From the first customer to the first of them. */
  readonly afterMs: number | undefined;
  readonly report: ChaosReport;
}

/** A mutant may be so broken that nothing ever arrives; that need not be waited for. */
const MUTANT_CONVERGES_WITHIN_MS = 12_000;

/** Runs a scenario against a mutant until it is caught, or to the end. */
export async function tryMutant(
  rootDir: string,
  { name, patches, scenario, catchers }: Mutant,
  say: ChaosOptions['say'],
): Promise<Trial> {
  const copy = await mutantCheckout(rootDir, patches);
  try {
    const report = await runScenario(copy, scenario, say, {
      convergeWithinMs: MUTANT_CONVERGES_WITHIN_MS,
      enough: (findings) => findings.some((finding) => catchers.some((catcher) => catches(catcher, finding))),
    });
    const caught = report.findings.filter((finding) => catchers.some((catcher) => catches(catcher, finding)));
    const times = caught.map(({ foundAfterMs }) => foundAfterMs);
    return {
      name,
      caughtBy: caught.map(({ check }) => check),
      afterMs: times.length === 0 ? undefined : Math.min(...times),
      report,
    };
  } finally {
    await removeCheckout(copy);
  }
}

/** Runs a scenario against the services as they are: nothing may be found. */
export const runScenario = (
  rootDir: string,
  { options }: Scenario,
  say: ChaosOptions['say'],
  more: Partial<ChaosOptions> = {},
): Promise<ChaosReport> => new ChaosRun({ ...USUAL, ...options, rootDir, say, ...more }).run();

const catches = ({ check, like }: Catcher, finding: ChaosFinding): boolean =>
  finding.check === check &&
  (like === undefined || finding.offenders.some((offender) => like.test(offender)));
