import { copyName, SERVICES, type PerService } from './services.js';
import type { StackEvent } from './stack/stack-options.js';

/** What `npm start` prints when the servers run and the services follow. */
export function startReport(replicas: number, inOneProcess: boolean): string {
  if (inOneProcess) return 'Starting nine services in one process …';
  const copies = replicas === 1 ? '' : `, ${replicas} copies of each behind the gateway`;
  return `Starting nine services${copies} …`;
}

/**
 * What `npm start` prints once: a table of the services and what to do next.
 * @param health whether all copies of a service are ready
 * @param adminEmail the administrator that the caller's environment names, if it names one
 */
export function readyReport(
  addresses: PerService<readonly string[]>,
  health: PerService<boolean>,
  seconds: number,
  adminEmail: string | undefined,
): string {
  const rows = SERVICES.flatMap(({ name }) =>
    addresses[name].map((url, copy) => row(copyName(name, copy), url, health[name] ? 'ready' : 'NOT READY')),
  );
  return [
    '',
    row('service', 'url', 'health'),
    ...rows,
    '',
    `Up in ${seconds.toFixed(1)} s. Logs: .local/logs. ${
      adminEmail ? `Administrator: ${adminEmail}` : "Administrator's email and password: .local/secrets.json"
    }`,
    'Try:  npm run demo      (Ctrl-C stops everything)',
  ].join('\n');
}

/** One line about a service that died, followed by its last words if it gave up by itself and they are asked for. */
export function deathReport(
  { service, copy, exit }: Extract<StackEvent, { type: 'service-died' }>,
  explain: boolean,
): string {
  const cause = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : exit.signal;
  const line = `${copyName(service, copy)} died (${cause}); starting it again in ${exit.restartInMs} ms.`;
  return explain && exit.code === 1 ? `${line}\n${exit.lastLog.replaceAll(/^/gm, '  ')}` : line;
}

function row(...[service, url, health]: [string, string, string]): string {
  return `  ${service.padEnd(32)}${url.padEnd(26)}${health}`;
}
