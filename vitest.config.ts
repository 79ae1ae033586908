import { defineConfig } from 'vitest/config';

// On a shared machine a second may pass where ten milliseconds are meant: a test with real sockets, servers and
// kills is tried once more there, and the retry is printed. Nowhere else, and never a unit test.
const retry = process.env.CI === undefined ? 0 : 1;

/** Tiers are told apart by the file name; `unit` needs nothing but Node, the others real servers. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{int,chaos,replay,contract}.test.ts', 'node_modules/**'],
        },
      },
      {
        test: {
          name: 'contract',
          retry,
          include: ['test/**/*.{contract,replay}.test.ts'],
          pool: 'forks',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'int',
          retry,
          include: ['test/**/*.int.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        test: {
          name: 'chaos',
          retry,
          include: ['test/**/*.chaos.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
