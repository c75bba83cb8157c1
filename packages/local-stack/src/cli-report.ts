import type { UnexpectedExit } from './processes/supervised-process.js';
import { SERVICES, type PerService, type ServiceName } from './services.js';

/**
 * What `npm start` prints once: a table of the services and what to do next.
 * @param adminEmail the administrator that the caller's environment names, if it names one
 */
export function readyReport(
  urls: PerService<string>,
  health: PerService<boolean>,
  seconds: number,
  adminEmail: string | undefined,
): string {
  const rows = SERVICES.map(({ name }) => row(name, urls[name], health[name] ? 'ready' : 'NOT READY'));
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
export function deathReport(service: ServiceName, exit: UnexpectedExit, explain: boolean): string {
  const cause = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : exit.signal;
  const line = `${service} died (${cause}); starting it again in ${exit.restartInMs} ms.`;
  return explain && exit.code === 1 ? `${line}\n${exit.lastLog.replaceAll(/^/gm, '  ')}` : line;
}

function row(...[service, url, health]: [string, string, string]): string {
  return `  ${service.padEnd(24)}${url.padEnd(26)}${health}`;
}
