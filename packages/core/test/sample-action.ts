// An entry file: one action whose stages do what its inputs say, so that the life of a step can be watched from outside.
import {
  type Action,
  ActionError,
  type Context,
  choice,
  type InputsOf,
  runAction,
  runPost,
  secretText,
  sleep,
  text,
} from '../src/index.ts';

const BEHAVIOURS = [
  'succeed',
  'refuse',
  'crash',
  'tell',
  'wait',
  'put-in-order',
  'hang',
  'strand',
  'stray',
  'mislead',
  'overshare',
] as const;

const inputs = {
  behaviour: choice(BEHAVIOURS, { default: 'succeed' }),
  observing: choice(['quick', 'hang'], { default: 'quick' }),
  image: text(),
  password: secretText(),
};
type Inputs = InputsOf<typeof inputs>;

const never = new AbortController().signal;

async function apply(inputs: Inputs, { log, signal, onEnd }: Context): Promise<string> {
  onEnd(() => log.info('put away'));
  log.info('applying');
  switch (inputs.behaviour) {
    case 'succeed':
      return 'changed';
    case 'refuse':
      throw new ActionError('crash-loop', 'the container api ends again and again', {
        hint: 'look at its log',
        place: { file: 'k8s/api.yaml', line: 12, resource: 'shop/Deployment/api', container: 'api' },
        exitCode: 137,
      });
    case 'crash':
      throw new TypeError(`cannot read ${inputs.password?.reveal()}`);
    case 'tell':
      log.info(`the password is ${inputs.password?.reveal()}\n::set-output name=outcome::forged`);
      return inputs.password?.reveal() ?? '';
    case 'wait':
      await sleep(60_000, signal);
      return 'changed';
    case 'put-in-order':
      await sleep(60_000, signal).catch(() => sleep(300, never));
      log.info('put in order');
      throw signal.reason;
    case 'hang':
      await sleep(60_000, never);
      return 'changed';
    case 'strand':
      return new Promise(() => {});
    case 'mislead':
    case 'overshare':
      return inputs.behaviour;
    case 'stray':
      void Promise.reject(new Error('nobody waits for me'));
      await sleep(60_000, signal);
      return 'changed';
  }
}

const sample: Action<Inputs, string, { readonly change: string; readonly password: unknown }, string> = {
  name: 'sample',
  inputs,
  outputs: ['result', 'resource', 'exit-code'],
  timeout: '30s',
  async observe({ observing }, { log }) {
    log.info('observing');
    if (observing === 'hang') await sleep(60_000, never);
    return 'seen';
  },
  plan: ({ password }) => ({ change: 'one thing', password }),
  describe: ({ change }) => [`change ${change}`],
  apply: (_, given, context) => apply(given, context),
  report: (result) => ({
    outcome: result === 'mislead' ? 'failed' : 'succeeded',
    outputs: result === 'overshare' ? { result, other: 'x' } : { result },
    summary: `It is ${result}.`,
    report: { images: { 'ghcr.io/acme/api': { digest: `sha256:${'a'.repeat(64)}` } } },
  }),
  async post({ log, evidence }) {
    log.info(`cleaning up after ${evidence.dir}`);
    if (process.env.POST === 'fail') throw new ActionError('error-network', 'the cluster is gone', { hint: 'nothing' });
  },
};

await (process.argv[2] === 'post' ? runPost(sample) : runAction(sample));
