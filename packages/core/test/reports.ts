import { EMPTY_REPORT } from '../src/report/merge.ts';
import type { ReleaseReport, ReportImage } from '../src/report/schema.ts';

export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

export const api: ReportImage = {
  digest: digest('a'),
  version: '1.4.0',
  tags: ['v1'],
  platforms: { 'linux/amd64': digest('b') },
};

export const report = (parts: Partial<ReleaseReport>): ReleaseReport => ({ ...EMPTY_REPORT, ...parts });

/** A report with something in each part. */
export const full = report({
  release: 'shop',
  commit: '4f2c',
  run: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
  images: { 'ghcr.io/acme/api': { ...api, scan: 'passed' } },
  targets: { 'prod/shop': { manifests: '.deploy-actions/shop.yaml', namespace: 'shop', revision: 41 } },
  backups: [
    { address: 's3://backups/shop', sha256: 'x' },
    { address: '/var/backups/shop', sha256: 'y' },
    { address: 'file:///var/backups/shop', sha256: 'z' },
  ],
  steps: [
    {
      action: 'deploy-rollout',
      outcome: 'failed',
      reason: 'crash-loop',
      resource: 'shop/Deployment/api',
      seconds: 14.2,
    },
  ],
});
