/** Names of the variables in which the global setup tells test files where its servers are. */
export const POSTGRES_VARIABLE = 'FLIGHT_BOOKING_TEST_POSTGRES_URL';
export const REDIS_VARIABLE = 'FLIGHT_BOOKING_TEST_REDIS_URL';

/** The clusters for tests: one address list each, with white space between them. */
export const CLUSTERS_VARIABLE = 'FLIGHT_BOOKING_TEST_REDIS_CLUSTERS';

/** `cluster` makes every Redis of a test a cluster; a project of vitest's configuration sets it. */
export const REDIS_KIND_VARIABLE = 'FLIGHT_BOOKING_TEST_REDIS_KIND';

type ServersVariable = typeof POSTGRES_VARIABLE | typeof REDIS_VARIABLE | typeof CLUSTERS_VARIABLE;

/** @throws when the test does not run under the global setup. */
export function testServerUrl(variable: ServersVariable): string {
  const url = process.env[variable];
  if (url === undefined) {
    throw new Error(`${variable} is not set: run the test through vitest with local-stack's global setup.`);
  }
  return url;
}
