import { describe, expect, it } from 'vitest';
import { snippets } from './workflow-files.ts';

const PAGE = `# Page
\`\`\`yaml
- uses: org/deploy-actions/smoke-test@v1
\`\`\`
\`\`\`yaml
key: value
\`\`\`
\`\`\`yaml
on: push
jobs:
  a: {}
\`\`\`
`;

describe('snippets', () => {
  it('takes whole workflows, and lists of steps made workflows, and knows where they begin', () => {
    const [steps, workflow, ...more] = snippets('x.md', PAGE);
    expect(more).toEqual([]);
    expect(workflow).toEqual({ place: 'x.md', before: 8, text: 'on: push\njobs:\n  a: {}\n' });
    const line = steps?.text.split('\n').indexOf('      - uses: org/deploy-actions/smoke-test@v1') ?? 0;
    expect(PAGE.split('\n')[line + (steps?.before ?? 0)]).toBe('- uses: org/deploy-actions/smoke-test@v1');
  });
});
