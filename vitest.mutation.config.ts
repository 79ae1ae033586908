import { defineConfig } from 'vitest/config';

/** The tests that `npm run mutation` judges: those of the domain, with few runs of each property. */
export default defineConfig({
  test: {
    include: ['test/domain/**/*.test.ts'],
    env: { GATE_RUNS: '200' },
  },
});
