import { defineConfig } from 'vitest/config';
import { LOOK_AGAIN_MS, PATIENCE_MS } from './packages/local-stack/src/testing/patiently.js';

// Workspace packages offer their sources under this condition, so that tests run on what is written now.
const fromSources = { resolve: { conditions: ['source'] }, ssr: { resolve: { conditions: ['source'] } } };

/** Tests whose service keeps something in Redis, and that run on a cluster as well. */
const onRedis = [
  'seat-service/src/reservations/*.test.ts',
  'seat-service/src/seats/{announcements,keyed-locks,seat-locking}.test.ts',
  'flight-search-service/src/search/{index-follower,search,search-cache}.test.ts',
];

/**
 * A worker imports the platform once and not anew for each file, which takes half of the time: files keep what they
 * change, such as the environment, to themselves. Whatever is waited for fails as itself, before its test is cut off.
 */
const everywhere = {
  isolate: false,
  unstubEnvs: true,
  testTimeout: 3 * PATIENCE_MS,
  hookTimeout: 4 * PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS, interval: LOOK_AGAIN_MS } },
};

/** Takes the longest after those of `e2e`, which begin first, and has a stack of its own as some of them. */
const WHOLE_BENCHMARK = 'bench/src/bench.test.ts';

export default defineConfig({
  test: {
    // One more than the smallest machine has processors: much of what tests take, they wait for others.
    maxWorkers: 3,
    projects: [
      {
        ...fromSources,
        test: {
          name: 'services',
          include: ['*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts'],
          exclude: ['e2e/**', WHOLE_BENCHMARK, '**/node_modules/**'],
          globalSetup: ['packages/local-stack/src/testing/global-setup.ts'],
          ...everywhere,
        },
      },
      {
        ...fromSources,
        test: {
          name: 'redis-cluster',
          include: onRedis,
          globalSetup: [
            'packages/local-stack/src/testing/global-setup.ts',
            'packages/local-stack/src/testing/cluster-setup.ts',
          ],
          env: { FLIGHT_BOOKING_TEST_REDIS_KIND: 'cluster' },
          ...everywhere,
        },
      },
      {
        ...fromSources,
        test: {
          name: 'end-to-end',
          include: ['e2e/src/**/*.test.ts', WHOLE_BENCHMARK],
          globalSetup: ['e2e/src/testing/global-setup.ts'],
          ...everywhere,
        },
      },
    ],
  },
});
