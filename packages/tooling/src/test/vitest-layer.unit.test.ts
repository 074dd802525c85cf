import { describe, expect, it } from 'vitest';
import { countReport } from './vitest-layer.ts';

function json(...files: { status: string; tests: string[] }[]): string {
  return JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      name: 'f',
      status,
      assertionResults: tests.map((one) => ({ status: one })),
    })),
  });
}

describe('countReport', () => {
  it('counts tests over files', () => {
    expect(
      countReport(
        json({ status: 'passed', tests: ['passed', 'passed'] }, { status: 'failed', tests: ['passed', 'failed'] }),
      ),
    ).toEqual({ passed: 3, failed: 1 });
  });

  it('counts a file that fails as a whole as one failure', () => {
    expect(countReport(json({ status: 'failed', tests: [] }, { status: 'failed', tests: ['passed'] }))).toEqual({
      passed: 1,
      failed: 2,
    });
  });

  it('counts what was left out as neither', () => {
    expect(countReport(json({ status: 'passed', tests: ['pending'] }))).toEqual({ passed: 0, failed: 0 });
  });
});
