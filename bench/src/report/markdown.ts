import { FIGURES, type Figures } from '../measure/figures.js';
import type { LoadModel } from '../rows/load-model.js';
import type { Machine } from './machine.js';
import type { Goal, Result } from './result.js';

/** All that a run brought. */
export interface Report {
  readonly machine: Machine;
  readonly isQuick: boolean;
  readonly seconds: number;
  readonly results: readonly Result[];
  readonly load: LoadModel | undefined;
}

const HEADINGS = ['path', 'per second', 'p50 ms', 'p99 ms', 'CPU µs', 'MiB', 'goal'];

/** The table, one line for ours and one for its yardstick, with the ratio of each figure behind ours. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.flatMap(linesOf);
  const widths = HEADINGS.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 || at === HEADINGS.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 || at === HEADINGS.length - 1 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(HEADINGS), rule, ...rows.map(line)].join('\n');
}

function linesOf({ path, ours, yardstick, goals }: Result): string[][] {
  const cells = FIGURES.map((name) => withRatio(ours[name], yardstick?.figures[name]));
  const own = [path, ...cells, goals.map(inWords).join('; ')];
  if (yardstick === undefined) return [own];
  const theirs = FIGURES.map((name) => figure(yardstick.figures[name]));
  return [own, [`↳ ${yardstick.name}`, ...theirs, '']];
}

const withRatio = (ours: number | undefined, theirs: number | undefined): string =>
  ours === undefined || theirs === undefined ? figure(ours) : `${figure(ours)} (×${figure(ours / theirs)})`;

const inWords = ({ text, measured, isMet }: Goal): string =>
  `${text}: ${figure(measured)} ${isMet ? 'met' : 'MISSED'}`;

/** Three digits that say something. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number(value.toPrecision(3)).toString();
}

/** The whole report. */
export function markdownOf({ machine, isQuick, seconds, results, load }: Report): string {
  const { at, node, processor, cores, memoryGiB, loadBefore } = machine;
  const notes = results.flatMap(({ path, note }) => (note === undefined ? [] : [`- ${path}: ${note}.`]));
  return [
    '# Benchmark',
    '',
    `${isQuick ? 'Quick run, which shows that the benchmark works and little else' : 'Full run'}, ${at}, ${Math.round(seconds)} s. Node.js ${node}, ${cores} cores of ${processor}, ${memoryGiB} GiB; load ${loadBefore} before it began.`,
    '',
    'Medians of turns that go round: the yardstick, ours, the yardstick, ours. In brackets, ours as a multiple of the yardstick.',
    '',
    tableOf(results),
    '',
    ...notes,
    ...(load === undefined ? [] : ['', '## What a journey costs', '', ...loadLines(load)]),
    '',
  ].join('\n');
}

function loadLines(load: LoadModel): string[] {
  const { cpuMicros, statements } = load;
  const total = (parts: Figures | Readonly<Record<string, number>>): number =>
    Object.values(parts).reduce((sum: number, value: number) => sum + value, 0);
  const rows = Object.entries(cpuMicros).map(
    ([name, micros]) => `| ${name} | ${figure(micros)} | ${statements[name] ?? ''} |`,
  );
  return [
    '| process | CPU µs | statements |',
    '|---|---:|---:|',
    ...rows,
    `| together | ${figure(total(cpuMicros))} | ${total(statements)} |`,
    '',
    `Averages over ${load.journeys} journeys: ${figure(load.transactionsInPostgres)} transactions in PostgreSQL with those of idle job runners, ${figure(load.walBytes)} bytes of write-ahead log, ${figure(load.databaseBytes)} bytes that the databases grew by, ${figure(load.redisCommands)} Redis commands and ${figure(load.redisBytes)} bytes to and from Redis.`,
  ];
}
