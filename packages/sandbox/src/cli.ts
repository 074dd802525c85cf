import { parseArgs } from 'node:util';
import { down } from './down.ts';
import { lines } from './progress.ts';
import { connect, type Sandbox, status } from './sandbox.ts';
import { prepare, type UpOptions, up } from './up.ts';

const USAGE = `script/sandbox up|down|status|env|prepare [--name NAME] [--clusters NAME,NAME] [--json]

  up      has a sandbox be up: Kubernetes clusters and an image registry on this machine
  down    ends it and leaves nothing of it
  status  says how each of its parts does; exit status 1 when one has failed
  env     prints export lines for a shell: eval "$(script/sandbox env)"
  prepare makes what up needs once a machine, and starts nothing

  --name      which sandbox (default)
  --clusters  its clusters, with up (main)
  --context   contexts of your kubeconfig to use instead of new clusters, with --registry HOST:PORT
  --json      up and status print JSON`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'default' },
    clusters: { type: 'string', default: 'main' },
    context: { type: 'string' },
    registry: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const tell = (line: string) => process.stderr.write(`${line}\n`);

/** Runs one of the four words and returns the exit status. */
async function run(word: string | undefined): Promise<number> {
  switch (word) {
    case 'up': {
      const options = { name: values.name, clusters: values.clusters.split(','), progress: lines(tell) };
      const sandbox = await up({ ...options, ...existingClusters() });
      console.log(values.json ? JSON.stringify(sandbox) : describe(sandbox));
      return 0;
    }
    case 'down':
      if (!(await down(values.name, lines(tell)))) {
        tell(`there is no sandbox "${values.name}"`);
      }
      return 0;
    case 'status':
      return tellStatus();
    case 'prepare':
      await prepare(lines(tell));
      return 0;
    case 'env':
      console.log(exports(connect(values.name)));
      return 0;
    default:
      console.log(USAGE);
      return values.help ? 0 : 2;
  }
}

function existingClusters(): Pick<UpOptions, 'existing'> {
  const [first, ...rest] = values.context?.split(',') ?? [];
  if (!first) {
    return {};
  }
  if (!values.registry) {
    throw new Error('--context needs --registry HOST:PORT, which this machine pushes to and the clusters pull from');
  }
  return { existing: { contexts: [first, ...rest], registry: values.registry } };
}

async function tellStatus(): Promise<number> {
  const cells = [...(await status(values.name))];
  if (values.json) {
    console.log(JSON.stringify(Object.fromEntries(cells)));
  } else if (cells.length === 0) {
    console.log(`there is no sandbox "${values.name}"`);
  }
  for (const [cell, health] of values.json ? [] : cells) {
    const detail =
      health.state === 'failed'
        ? `: ${health.reason}`
        : health.state === 'starting'
          ? `: ${health.waitingFor.join(', ')}`
          : '';
    console.log(`${cell}: ${health.state}${detail}`);
  }
  return cells.length > 0 && cells.every(([, health]) => health.state !== 'failed') ? 0 : 1;
}

function describe(sandbox: Sandbox): string {
  const clusters = sandbox.clusters.map(
    ({ name, kubeconfig, server, nodePorts }) =>
      `cluster ${name}: ${server}, ${nodePorts ? `node ports ${nodePorts.first}-${nodePorts.last}, ` : ''}KUBECONFIG=${kubeconfig}`,
  );
  return [...clusters, `registry: ${sandbox.registry}`].join('\n');
}

/** KUBECONFIG_STAGING for the cluster "staging" and so on; KUBECONFIG is the first cluster's. */
function exports(sandbox: Sandbox): string {
  const variables: Record<string, string> = { SANDBOX_NAME: sandbox.name, SANDBOX_REGISTRY: sandbox.registry };
  for (const [index, { name, kubeconfig }] of sandbox.clusters.entries()) {
    if (index === 0) {
      variables.KUBECONFIG = kubeconfig;
    }
    variables[`KUBECONFIG_${name.toUpperCase().replaceAll('-', '_')}`] = kubeconfig;
  }
  const exported = Object.entries(variables).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  return [...exported, ...(sandbox.programs ? [`export PATH='${sandbox.programs}':"$PATH"`] : [])].join('\n');
}

try {
  process.exitCode = await run(positionals[0]);
} catch (error) {
  tell(`script/sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
