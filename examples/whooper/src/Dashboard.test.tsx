import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Pod } from './api';
import { Dashboard } from './Dashboard';

const pod = (name: string, ready: boolean): Pod => ({
  name,
  namespace: 'shop',
  phase: 'Running',
  ready,
  restarts: ready ? 0 : 4,
});

it('shows pods in trouble first', () => {
  const page = renderToStaticMarkup(
    <Dashboard version="4f2c" pods={[pod('fine', true), pod('broken', false)]} incidents={[]} />,
  );
  expect(page).toContain('1 of 2 pods ready');
  expect(page.indexOf('broken')).toBeLessThan(page.indexOf('fine'));
  expect(page).toContain('version 4f2c');
  expect(page).not.toContain('<ul>');
});

it('shows what the cluster warns of, as text', () => {
  const page = renderToStaticMarkup(
    <Dashboard
      version="dev"
      pods={[]}
      incidents={[{ reason: 'BackOff', object: 'Pod/api', message: '<b>', count: 2 }]}
    />,
  );
  expect(page).toContain('<li>Pod/api: BackOff, &lt;b&gt; (2×)</li>');
});
