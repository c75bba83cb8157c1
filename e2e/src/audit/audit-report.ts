import { isFault, type Finding } from './invariant.js';

const SHOWN_OFFENDERS = 3;

/** One line for each invariant, and the first few offenders below those that do not hold. */
export function auditReport(findings: readonly Finding[]): string {
  return findings.flatMap(linesOf).join('\n');
}

function linesOf(finding: Finding): string[] {
  const { invariant, offenders } = finding;
  const count = offenders.length;
  const verdict = count === 0 ? 'holds' : isFault(finding) ? `BROKEN ${count}` : `to see ${count}`;
  return [
    `${invariant.id.padEnd(6)}${verdict.padEnd(12)}${invariant.statement}`,
    ...offenders.slice(0, SHOWN_OFFENDERS).map((offender) => `        ${offender}`),
    ...(count > SHOWN_OFFENDERS ? [`        and ${count - SHOWN_OFFENDERS} more`] : []),
  ];
}
