import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FULL_RUN, QUICK_RUN } from './bench-options.js';
import { runBenchmark } from './benchmark.js';
import { RecordingStack } from './journey/record-journey.js';
import { thisMachine } from './report/machine.js';
import { markdownOf, tableOf, type Report } from './report/markdown.js';
import { svgOf } from './report/svg.js';
import { ROOT } from './stack/bench-stack.js';

const MS_PER_SECOND = 1_000;
const STATEMENTS = join(ROOT, 'bench/src/journey/journey-statements.json');

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function bench(isQuick: boolean, folder: string): Promise<void> {
  const machine = thisMachine();
  const startedAt = performance.now();
  const { results, load } = await runBenchmark(isQuick ? QUICK_RUN : FULL_RUN, say);
  const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
  const report: Report = { machine, isQuick, seconds, results, load };
  say(tableOf(results));
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`),
    writeFile(join(folder, 'latest.md'), markdownOf(report)),
    writeFile(join(folder, 'latest.svg'), svgOf(results)),
  ]);
  say(`Written to ${folder}.`);
}

async function record(): Promise<void> {
  const recording = new RecordingStack();
  try {
    const template = await (await recording.start()).record();
    await writeFile(STATEMENTS, `${JSON.stringify(template, null, 1)}\n`);
  } finally {
    await recording.stop();
  }
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    out: { type: 'string', default: join(ROOT, 'bench/results') },
  },
});
if (values.record) await record();
else await bench(values.quick, values.out);
