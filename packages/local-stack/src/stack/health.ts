import { get } from 'node:http';
import { waitFor } from '../processes/wait-for.js';

const ANSWER_TIMEOUT_MS = 2_000;
const INTERVAL_MS = 150;

/** Whether a service says that it and everything it needs are ready. */
export function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    // Not fetch: it refuses port 6000, which X11 once used.
    const request = get(`${url}/health/ready`, { agent: false, timeout: ANSWER_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('close', () => resolve(false));
    request.on('error', () => resolve(false));
  });
}

/**
 * Waits until all are ready, or `isCancelled`.
 * @param targets addresses by name
 * @returns the names of those that are still not ready
 */
export async function notReadyAfter(
  timeoutMs: number,
  targets: ReadonlyMap<string, string>,
  isCancelled: () => boolean,
): Promise<readonly string[]> {
  const missing = new Map(targets);
  const check = async ([name, url]: readonly [string, string]): Promise<void> => {
    if (await isReady(url)) missing.delete(name);
  };
  await waitFor(
    async () => {
      await Promise.all([...missing].map(check));
      return missing.size === 0 || isCancelled();
    },
    timeoutMs,
    INTERVAL_MS,
  );
  return [...missing.keys()];
}
