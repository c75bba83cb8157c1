import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditDatabases } from './audit-databases.js';
import { compare } from './compare.js';
import { AUDITED_SERVICES, isFault, type AuditedService, type Finding, type Invariant } from './invariant.js';
import { INVARIANTS } from './invariants.js';

/** More offenders than this say no more about what is wrong. */
const MOST_OFFENDERS = 10_000;

/** Looks at every invariant. */
export class Auditor {
  constructor(
    private readonly databases: AuditDatabases,
    private readonly invariants: readonly Invariant[] = INVARIANTS,
  ) {}

  /**
   * One finding for each invariant.
   * @param settlesInMs what crosses services is looked at a second time after so long, and only what is still the
   *   same is an offender; 0 when nothing is under way
   */
  async audit(settlesInMs: number): Promise<Finding[]> {
    const first = await this.lookAt(this.invariants);
    const unsettled = first.filter((finding) => finding.invariant.when === 'settled' && isFault(finding));
    if (settlesInMs === 0 || unsettled.length === 0) return first;
    await sleep(settlesInMs);
    const second = await this.lookAt(unsettled.map(({ invariant }) => invariant));
    return first.map((before) => {
      const after = second.find(({ invariant }) => invariant === before.invariant);
      return after === undefined ? before : stillThere(before, after);
    });
  }

  /** The invariants of these kinds that do not hold at this moment. */
  async faults(when: Invariant['when']): Promise<Finding[]> {
    const findings = await this.lookAt(this.invariants.filter((invariant) => invariant.when === when));
    return findings.filter(isFault);
  }

  private async lookAt(invariants: readonly Invariant[]): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const invariant of invariants)
      findings.push({ invariant, offenders: await this.offenders(invariant) });
    return findings;
  }

  private async offenders({ check }: Invariant): Promise<string[]> {
    if ('left' in check) {
      const { left, right, complete } = check;
      const [names, lefts, rights] = [
        { left: nameOf(left.database), right: nameOf(right.database) },
        this.databases.keyedRows(left.database, left.sql),
        this.databases.keyedRows(right.database, right.sql),
      ];
      return compare(lefts, rights, complete, names);
    }
    if (check.database !== 'every') return this.query(check.database, check.sql);
    const found = await Promise.all(
      AUDITED_SERVICES.map(async (service) => {
        if (check.where !== undefined && !(await this.has(service, check.where))) return [];
        return (await this.query(service, check.sql)).map((offender) => `${nameOf(service)}: ${offender}`);
      }),
    );
    return found.flat();
  }

  private async has(service: AuditedService, table: string): Promise<boolean> {
    const [found] = await this.databases.rows<{ exists: boolean }>(
      service,
      `select to_regclass('${table}') is not null as exists`,
    );
    return found?.exists === true;
  }

  private async query(service: AuditedService, sql: string): Promise<string[]> {
    const limited = `select offender from (${sql}) as found limit ${MOST_OFFENDERS}`;
    return (await this.databases.rows<{ offender: string }>(service, limited)).map(
      ({ offender }) => offender,
    );
  }
}

const nameOf = (service: AuditedService): string => service.replace('-service', '');

function stillThere(before: Finding, after: Finding): Finding {
  const now = new Set(after.offenders);
  return { invariant: before.invariant, offenders: before.offenders.filter((offender) => now.has(offender)) };
}
