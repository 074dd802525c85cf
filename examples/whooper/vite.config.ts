import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': 'http://127.0.0.1:5001' } },
  test: {
    exclude: ['backend/**', 'node_modules/**'],
    coverage: {
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['src/main.tsx', 'src/**/*.test.*'],
      reporter: ['text', 'lcovonly'],
      thresholds: { lines: 85 },
    },
  },
});
