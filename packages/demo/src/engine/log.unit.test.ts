import { expect, it } from 'vitest';
import { EngineLog, type Happening } from './log.ts';

const at = (step: string, id: string, more: object = {}) => ({
  job: 'deploy/Build  ',
  jobID: 'build',
  stage: 'Main',
  step,
  stepID: [id],
  ...more,
});

function read(lines: readonly object[]): { log: EngineLog; told: Happening[] } {
  const told: Happening[] = [];
  let now = 0;
  const log = new EngineLog(
    (happening) => told.push(happening),
    () => {
      now += 1000;
      return now;
    },
  );
  for (const line of lines) log.read(JSON.stringify(line));
  return { log, told };
}

it('keeps jobs, steps and outputs, those that come after the result too', () => {
  const { log } = read([
    at('Build', 'image', { msg: 'Run Main Build' }),
    at('Build', 'image', { stepResult: 'success', executionTime: 2_500_000_000 }),
    at('Build', 'image', { command: 'set-output', name: 'digest', arg: 'sha256:1' }),
    at('Deploy', '1', {}),
    at('Deploy', '1', { stepResult: 'failure', executionTime: 1_000_000_000 }),
    { job: 'deploy/Build  ', jobID: 'build', jobResult: 'failure' },
  ]);
  expect(log.jobs).toEqual([
    {
      id: 'build',
      name: 'deploy/Build',
      result: 'failure',
      seconds: 1,
      steps: [
        { name: 'Build', id: 'image', result: 'success', seconds: 2.5, outputs: { digest: 'sha256:1' } },
        { name: 'Deploy', id: '1', result: 'failure', seconds: 1, outputs: {} },
      ],
    },
  ]);
});

it('tells a step that ended together with its outputs, before the next begins', () => {
  const { told } = read([
    at('Build', 'image'),
    at('Build', 'image', { stepResult: 'failure', executionTime: 0 }),
    at('Build', 'image', { command: 'set-output', name: 'reason', arg: 'build-failed' }),
    at('Next', '1'),
  ]);
  expect(told).toEqual([
    { kind: 'step-started', job: 'deploy/Build', step: 'Build' },
    {
      kind: 'step-ended',
      job: 'deploy/Build',
      step: { name: 'Build', id: 'image', result: 'failure', seconds: 0, outputs: { reason: 'build-failed' } },
    },
    { kind: 'step-started', job: 'deploy/Build', step: 'Next' },
  ]);
});

it('passes over steps inside a composite action, pre and post, and lines that are no JSON', () => {
  const { log, told } = read([
    at('Set up', '1', { stage: 'Pre' }),
    { ...at('echo', '1'), stepID: ['1', '0'], stepResult: 'success' },
    { level: 'warning', msg: 'no docker' },
  ]);
  log.read('Error: something');
  expect(told).toEqual([]);
  expect(log.jobs).toEqual([]);
});
