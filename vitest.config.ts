import { defineConfig } from 'vitest/config';

// Workspace packages offer their sources under this condition, so that tests run on what is written now.
const fromSources = { resolve: { conditions: ['source'] }, ssr: { resolve: { conditions: ['source'] } } };

const patience = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        ...fromSources,
        test: {
          name: 'services',
          include: ['*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts'],
          exclude: ['e2e/**', '**/node_modules/**'],
          globalSetup: ['packages/local-stack/src/testing/global-setup.ts'],
          ...patience,
        },
      },
      {
        ...fromSources,
        test: {
          name: 'end-to-end',
          include: ['e2e/src/**/*.test.ts'],
          globalSetup: ['e2e/src/testing/global-setup.ts'],
          ...patience,
        },
      },
    ],
  },
});
