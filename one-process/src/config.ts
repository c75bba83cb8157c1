/** Variables of a process. */
export type Environment = Record<string, string | undefined>;

/**
 * What one service reads: everything that the process was given, with those variables without their prefix that carry
 * its own. So `SEAT_PORT` is `PORT` to seat-service, and what is said for all is said once.
 */
export function environmentOf(prefix: string, environment: Environment = process.env): Environment {
  const start = `${prefix}_`;
  const own = Object.entries(environment)
    .filter(([name]) => name.startsWith(start))
    .map(([name, value]) => [name.slice(start.length), value]);
  return { ...environment, ...Object.fromEntries(own) };
}
