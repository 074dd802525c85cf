import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/main.ts', 'src/**/*.test.ts'],
      reporter: ['text', 'lcovonly'],
      thresholds: { lines: 85 },
    },
  },
});
