import { get } from 'node:http';

const ANSWER_TIMEOUT_MS = 2_000;

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
