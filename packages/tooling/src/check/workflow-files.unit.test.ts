import { describe, expect, it } from 'vitest';
import { snippets } from './workflow-files.ts';

const PAGE = `# Page
\`\`\`yaml
- uses: org/deploy-actions/smoke-test@v1
\`\`\`
text
\`\`\`yaml
on: push
jobs:
  a: {}
\`\`\`
`;

describe('snippets', () => {
  it('takes whole workflows alone, and knows where they begin', () => {
    expect(snippets('x.md', PAGE)).toEqual([{ place: 'x.md', before: 6, text: 'on: push\njobs:\n  a: {}\n' }]);
  });
});
