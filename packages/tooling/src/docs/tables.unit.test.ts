import type { ActionFile } from '@deploy-actions/harness';
import { describe, expect, it } from 'vitest';
import { aliasesOf, inputsTable, withTables } from './tables.ts';

const FILE: ActionFile = {
  name: 'example',
  description: 'An example.',
  inputs: {
    manifests: { description: 'Files, folders\nor globs; a|b.', required: true },
    kustomizationPath: { description: 'Alias of `manifests`.', required: false },
    timeout: { description: 'All the time.', required: false, default: '10m' },
    tags: { description: 'Rules.', required: false, default: 'type=sha\ntype=ref\n' },
  },
  outputs: { outcome: { description: 'How it ended.' } },
  runs: { using: 'node24', main: '../../dist/example/main.js' },
};

describe('inputsTable', () => {
  it('gives a row an input, its other spellings in it', () => {
    expect(inputsTable(FILE).split('\n')).toEqual([
      '| input | default | meaning |',
      '|---|---|---|',
      '| `manifests` | **required** | Files, folders or globs; a\\|b. Also written `kustomizationPath`. |',
      '| `timeout` | `10m` | All the time. |',
      '| `tags` | `type=sha` `type=ref` | Rules. |',
    ]);
  });
});

describe('aliasesOf', () => {
  it('finds the input that each stands for', () =>
    expect([...aliasesOf(FILE)]).toEqual([['kustomizationPath', 'manifests']]));
});

describe('withTables', () => {
  const readme = '# x\n<!-- inputs -->\nstale\n<!-- /inputs -->\nbetween\n<!-- outputs -->\n<!-- /outputs -->\nend\n';

  it('replaces what is between the markers alone, and is stable', () => {
    const once = withTables(readme, FILE);
    expect(once).not.toContain('stale');
    expect(once).toMatch(
      /^# x\n<!-- inputs -->\n\| input[\s\S]+between[\s\S]+\| `outcome` \| How it ended\. \|\n<!-- \/outputs -->\nend\n$/,
    );
    expect(withTables(once, FILE)).toBe(once);
  });

  it('says which marker is missing', () => expect(() => withTables('# x\n', FILE)).toThrow('<!-- inputs -->'));
});
