import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRunningStack, SERVICES, SetupError } from '@flight-booking/local-stack';
import { ROOT } from '../api/openapi-document.js';
import { AuditDatabases, type DatabaseUrls } from './audit-databases.js';
import { auditReport } from './audit-report.js';
import { Auditor } from './auditor.js';
import { findCardNumbers } from './card-numbers.js';
import { AUDITED_SERVICES, isFault, type AuditedService } from './invariant.js';

/** What is under way between services arrives within this time, also after a fault. */
const SETTLES_IN_MS = 30_000;

const USAGE = `Usage: npm run audit -- [--settled] [--data FOLDER]
  --settled  nothing is under way: what does not fit together at this moment counts
  --data     the folder of the stack that runs; .local unless given
Databases elsewhere: AUDIT_SEAT_DATABASE_URL and so on, one for each service.`;

/** Where the databases are: as the environment says, and for the rest as the running stack says. */
function databaseUrls(dataDir: string): DatabaseUrls {
  const prefixes = new Map<string, string>(SERVICES.map(({ name, prefix }) => [name, prefix]));
  const named = (service: AuditedService): string | undefined =>
    process.env[`AUDIT_${prefixes.get(service)}_DATABASE_URL`] || undefined;
  const running = AUDITED_SERVICES.every(named) ? {} : readRunningStack(dataDir).postgresUrls;
  const urls = AUDITED_SERVICES.map((service) => [service, named(service) ?? running[service]]);
  return Object.fromEntries(urls) as DatabaseUrls;
}

async function audit(): Promise<boolean> {
  const { values } = parseArgs({
    options: { settled: { type: 'boolean', default: false }, data: { type: 'string' } },
  });
  const dataDir = resolve(values.data ?? join(fileURLToPath(ROOT), '.local'));
  const databases = new AuditDatabases(databaseUrls(dataDir));
  try {
    const findings = await new Auditor(databases).audit(values.settled ? 0 : SETTLES_IN_MS);
    findings.push(await findCardNumbers(databases, join(dataDir, 'logs')));
    const broken = findings.filter(isFault).length;
    process.stdout.write(`${auditReport(findings)}\n`);
    process.stdout.write(
      broken === 0 ? `All ${findings.length} hold.\n` : `${broken} of ${findings.length} are broken.\n`,
    );
    return broken === 0;
  } finally {
    await databases.stop();
  }
}

try {
  process.exitCode = (await audit()) ? 0 : 1;
} catch (error) {
  const known = error instanceof SetupError || error instanceof TypeError;
  process.stderr.write(`${known ? (error as Error).message : String((error as Error).stack)}\n${USAGE}\n`);
  process.exitCode = 1;
}
