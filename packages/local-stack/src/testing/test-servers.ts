/** Names of the variables in which the global setup tells test files where its servers are. */
export const POSTGRES_VARIABLE = 'FLIGHT_BOOKING_TEST_POSTGRES_URL';
export const REDIS_VARIABLE = 'FLIGHT_BOOKING_TEST_REDIS_URL';

/** @throws when the test does not run under the global setup. */
export function testServerUrl(variable: typeof POSTGRES_VARIABLE | typeof REDIS_VARIABLE): string {
  const url = process.env[variable];
  if (url === undefined) {
    throw new Error(`${variable} is not set: run the test through vitest with local-stack's global setup.`);
  }
  return url;
}
