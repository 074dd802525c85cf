// The harness itself, on small actions written here: what it says of a step must be what GitHub's runner would say.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNoSecret, findSecrets, type Job, startJob } from '@deploy-actions/harness';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let tree = '';
let job: Job;

beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'harness-tree-'));
  job = await startJob({ tree, env: { JOB_WIDE: 'yes' } });
});

afterEach(async () => {
  await job.end();
  await job.remove();
  await rm(tree, { recursive: true });
});

/** An action whose stages are these JavaScript texts. */
async function action(name: string, stages: { main: string; post?: string }): Promise<void> {
  await mkdir(join(tree, name), { recursive: true });
  for (const [stage, code] of Object.entries(stages))
    await writeFile(join(tree, name, `${stage}.mjs`), `import fs from 'node:fs';\n${code}`);
  await writeFile(
    join(tree, name, 'action.yml'),
    `name: ${name}
description: An action of this test.
inputs:
  url: { description: An address., required: true }
  max-attempts: { description: How often., default: 3 }
  who: { description: Who., default: '\${{ github.actor }}' }
runs: { using: node24, main: main.mjs${stages.post === undefined ? '' : ', post: post.mjs'} }
`,
  );
}

const append = (file: string, text: string) => `fs.appendFileSync(process.env.${file}, ${JSON.stringify(text)});\n`;

describe('a step', () => {
  it("gets its inputs with the defaults, the job's variables, and nothing else of this process", async () => {
    process.env.ONLY_IN_THIS_PROCESS = 'x';
    await action('echo', { main: "console.log(JSON.stringify(process.env)); console.log('cwd ' + process.cwd());" });
    const { log } = await job.run('echo', { url: 'http://a', extra: 'passed on' });
    const env = JSON.parse(log.split('\n')[0] ?? '');
    expect(env).toMatchObject({
      INPUT_URL: 'http://a',
      'INPUT_MAX-ATTEMPTS': '3',
      INPUT_WHO: 'octocat',
      INPUT_EXTRA: 'passed on',
      JOB_WIDE: 'yes',
      GITHUB_ACTIONS: 'true',
    });
    expect(env).not.toHaveProperty('ONLY_IN_THIS_PROCESS');
    expect(log).toContain(`cwd ${job.folders.workspace}`);
  });

  it('says how it ended by its files, and sets variables and folders for the next', async () => {
    await action('say', {
      main:
        append('GITHUB_OUTPUT', 'a=1\nb<<E\nx\ny\nE\n') +
        append('GITHUB_ENV', 'HANDOFF=h\nNODE_OPTIONS=--bad\n') +
        append('GITHUB_PATH', '/first\n') +
        append('GITHUB_STEP_SUMMARY', '# Hi\n') +
        'process.exitCode = 3;',
    });
    await action('echo', { main: 'console.log(process.env.HANDOFF, process.env.NODE_OPTIONS, process.env.PATH);' });
    expect(await job.run('say')).toMatchObject({ exitCode: 3, outputs: { a: '1', b: 'x\ny' }, summary: '# Hi\n' });
    expect((await job.run('echo')).log).toMatch(/^h undefined \/first:/);
  });

  it('hands its state to its own post step, which runs last first and even after a failure', async () => {
    await action('one', {
      main: `${append('GITHUB_STATE', 'lock=mine\n')}process.exit(1);`,
      post: "console.log('one', process.env.STATE_lock);",
    });
    await action('two', { main: '', post: "console.log('two', process.env.STATE_lock);" });
    await job.run('one');
    await job.run('two');
    expect((await job.end()).posts.map((post) => post.log)).toEqual(['two undefined', 'one mine']);
  });

  it('is told by name when its action.yml is broken', async () => {
    await mkdir(join(tree, 'odd'));
    await writeFile(
      join(tree, 'odd/action.yml'),
      'name: odd\ndescription: x\nruns: { using: node16, main: m.js }\ninput: {}\n',
    );
    await expect(job.run('odd')).rejects.toThrow(/runs\.using[\s\S]*input/);
  });
});

describe('cancelling', () => {
  const stubborn = (signals: string) =>
    `for (const s of [${signals}]) process.on(s, () => console.log('got ' + s)); console.log('ready'); setInterval(() => {}, 1000);`;

  it('sends SIGINT first, and the post step still runs', async () => {
    await action('wait', {
      main: "process.on('SIGINT', () => { console.log('bye'); process.exit(1); }); console.log('ready'); setInterval(() => {}, 1000);",
      post: "console.log('post')",
    });
    const step = await job.run('wait', {}, { cancelWhen: /ready/ });
    expect(step).toMatchObject({ exitCode: 1, cancelledBy: 'SIGINT', log: 'ready\nbye' });
    expect(step.secondsAfterCancel).toBeLessThan(2);
    expect((await job.end()).posts[0]?.log).toBe('post');
  });

  it('sends SIGTERM after 7.5 s and kills after 2.5 s more', { timeout: 20_000 }, async () => {
    await action('term', { main: stubborn("'SIGINT'") });
    await action('kill', { main: stubborn("'SIGINT', 'SIGTERM'") });
    const [term, kill] = await Promise.all(['term', 'kill'].map((name) => job.run(name, {}, { cancelWhen: /ready/ })));
    expect(term).toMatchObject({ cancelledBy: 'SIGTERM', log: 'ready\ngot SIGINT' });
    expect(term?.secondsAfterCancel).toBeCloseTo(7.5, 0);
    expect(kill).toMatchObject({ cancelledBy: 'SIGKILL', log: 'ready\ngot SIGINT\ngot SIGTERM' });
    expect(kill?.secondsAfterCancel).toBeCloseTo(10, 0);
  });

  it('finds and kills what a job left running', async () => {
    await action('leave', {
      main: "const { spawn } = await import('node:child_process'); spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).unref();",
    });
    await job.run('leave');
    expect((await job.end()).leftRunning).toEqual(['sleep 300']);
  });
});

describe('findSecrets', () => {
  const SECRET = 'line "one" 7Kx\nline two/9';
  const shows = (code: string) => `const s = ${JSON.stringify(SECRET)};\n${code}`;

  it.each([
    [
      'a log, though the runner masks it',
      "console.log('::add-mask::' + s.split('\\n')[1]); console.log(s.split('\\n')[1]);",
      'log before masking',
    ],
    [
      'an output, JSON-escaped',
      "fs.appendFileSync(process.env.GITHUB_OUTPUT, 'a=' + JSON.stringify(s) + '\\n');",
      'output a',
    ],
    [
      'a variable, in base64',
      "fs.appendFileSync(process.env.GITHUB_ENV, 'A=' + btoa(s) + '\\n');",
      'variables for later steps',
    ],
    [
      'the summary, URL-escaped',
      'fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, encodeURIComponent(s));',
      'summary',
    ],
    ['an annotation', "console.log('::error::' + s.split('\\n')[0]);", 'annotations'],
    ['a file left behind', "fs.writeFileSync(process.env.RUNNER_TEMP + '/left', s);", 'file '],
    [
      'a command line',
      "(await import('node:child_process')).execFileSync('sh', ['-c', 'sleep 0.3', s]);",
      'command lines',
    ],
  ])('finds one in %s', async (_, code, place) => {
    await action('show', { main: shows(code) });
    expect((await job.run('show')).exitCode).toBe(0);
    const found = await findSecrets(job, [SECRET]);
    expect(found.join('\n')).toContain(place);
    expect(found.join('\n')).not.toContain('7Kx');
    await expect(expectNoSecret(job, [SECRET])).rejects.toThrow('secret 1 shows');
  });

  it('is content where there is none, and where it went by environment and stdin', async () => {
    await action('hide', {
      main: shows(
        "console.log('::add-mask::' + s.replaceAll('\\n', '%0A')); (await import('node:child_process')).execFileSync('cat', { input: s, env: { S: s } });",
      ),
    });
    await job.run('hide');
    await expectNoSecret(job, [SECRET]);
  });
});
