import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SetupError } from '@flight-booking/local-stack';
import { ROOT } from '../api/openapi-document.js';
import { USUAL, type ChaosOptions } from './chaos-options.js';
import { reportInWords } from './chaos-report.js';
import { ChaosRun } from './chaos-run.js';
import { tryMutants } from './mutants/mutant-table.js';

const USAGE = `Usage: npm run chaos -- [--seed N] [--minutes M] [--replicas 1|2|3|4] [--customers K] [--report FILE]
       npm run chaos -- --mutants [--only NAME]`;
const MS_PER_MINUTE = 60_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** A number in a range. @throws SetupError */
function numberIn(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new SetupError(`--${name} must be a number from ${least} to ${most}.\n${USAGE}`);
}

function parseArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string' },
        minutes: { type: 'string', default: '1' },
        replicas: { type: 'string', default: String(USUAL.replicas) },
        customers: { type: 'string', default: String(USUAL.customers) },
        report: { type: 'string', default: 'chaos-report.json' },
        mutants: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
      },
    });
    return {
      seed: numberIn('seed', values.seed ?? String(Math.floor(Math.random() * 1e6)), [0, 2 ** 32 - 1]),
      minutes: numberIn('minutes', values.minutes, [0.2, 600]),
      replicas: numberIn('replicas', values.replicas, [1, 4]),
      customers: numberIn('customers', values.customers, [1, 2_000]),
      report: resolve(values.report),
      mutants: values.mutants,
      only: values.only,
    };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

async function chaos(): Promise<boolean> {
  const { seed, minutes, replicas, customers, report: file, mutants, only } = parseArguments();
  if (mutants) return tryMutants(fileURLToPath(ROOT), say, ({ name }) => name.includes(only));
  const again = `npm run chaos -- --seed ${seed} --minutes ${minutes} --replicas ${replicas} --customers ${customers}`;
  say(`Chaos with seed ${seed}.`);
  const options: ChaosOptions = {
    ...USUAL,
    seed,
    replicas,
    customers,
    durationMs: minutes * MS_PER_MINUTE,
    rootDir: fileURLToPath(ROOT),
    say,
  };
  const report = await new ChaosRun(options).run();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  say(reportInWords(report));
  say(`The report lies in ${file}`);
  if (report.findings.length > 0) say(`Seed ${seed} found something. Again: ${again}`);
  return report.findings.length === 0;
}

try {
  process.exitCode = (await chaos()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
