import type { ChaosFinding } from './checks/finding.js';

/** What a run did and found. */
export interface ChaosReport {
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly customers: number;
  readonly replicas: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** How often each journey ended how. */
  readonly journeys: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What customers were told, by what they asked for. */
  readonly promises: Readonly<
    Record<string, { readonly ok: number; readonly refused: number; readonly unknown: number }>
  >;
  /** Answers that kept customers from what they wanted, by what was asked and what was said. */
  readonly refusals: Readonly<Record<string, number>>;
  /** How often each fault was injected. */
  readonly faults: Readonly<Record<string, number>>;
  /** Services that ended by themselves. */
  readonly deaths: readonly string[];
  /** Null when not everything had arrived in time. */
  readonly convergedInMs: number | null;
  readonly findings: readonly ChaosFinding[];
}

const SHOWN_OFFENDERS = 5;

/** The report for people. */
export function reportInWords(report: ChaosReport): string {
  const { journeys, promises, faults, findings, convergedInMs, deaths } = report;
  const lines = [
    '',
    `Load held: ${report.requests} requests, ${report.requestsPerSecond} a second, ${sum(journeys)} journeys.`,
    ...Object.entries(journeys).map(([name, endings]) => `  ${name.padEnd(20)}${counts(endings)}`),
    'What customers were told:',
    ...Object.entries(promises).map(
      ([action, outcomes]) => `  ${action.padEnd(20)}${counts({ ...outcomes })}`,
    ),
    'Faults injected:',
    ...Object.entries(faults)
      .filter(([, count]) => count > 0)
      .map(([fault, count]) => `  ${fault.padEnd(40)}${count}`),
    ...(deaths.length === 0
      ? []
      : ['Services that ended by themselves:', ...new Set(deaths)].map((line) => `  ${line}`)),
    convergedInMs === null
      ? 'Not everything had arrived in time.'
      : `Everything had arrived ${(convergedInMs / 1000).toFixed(1)} s after the last fault.`,
    ...(findings.length === 0
      ? ['What was lost: nothing.']
      : ['What is wrong:', ...findings.flatMap(inWords)]),
  ];
  return lines.join('\n');
}

function inWords({ check, statement, offenders }: ChaosFinding): string[] {
  const hidden = offenders.length - SHOWN_OFFENDERS;
  return [
    `  ${check}: not so: ${statement} (${offenders.length})`,
    ...offenders.slice(0, SHOWN_OFFENDERS).map((offender) => `      ${offender}`),
    ...(hidden > 0 ? [`      and ${hidden} more`] : []),
  ];
}

const counts = (outcomes: Readonly<Record<string, number>>): string =>
  Object.entries(outcomes)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ');

const sum = (journeys: ChaosReport['journeys']): number =>
  Object.values(journeys)
    .flatMap((endings) => Object.values(endings))
    .reduce((total, count) => total + count, 0);
