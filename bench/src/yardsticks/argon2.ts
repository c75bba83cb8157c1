import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createServer } from 'node:http';
import { hash } from '@node-rs/argon2';
import { announce } from './announce.js';

/**
 * Yardstick: argon2id at the parameters that auth-service has unless told otherwise, as many at once as there are
 * processors. It hashes for so many milliseconds as the path says and answers with how long each took.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

announce(
  createServer((request, response) => {
    void hashFor(Number(request.url?.slice(1))).then((durations) => response.end(JSON.stringify(durations)));
  }),
);

async function hashFor(ms: number): Promise<number[]> {
  const endsAt = performance.now() + ms;
  const durations: number[] = [];
  const lane = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      await hash(randomUUID(), COST);
      durations.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return durations;
}
