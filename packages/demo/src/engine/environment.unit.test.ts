import { expect, it } from 'vitest';
import { runnerEnvironment } from './environment.ts';

it('is a runner’s: nothing of this shell but the network’s settings and npm’s', () => {
  const environment = runnerEnvironment('/runner', ['/node/bin', '/programs'], {
    HOME: '/home/dev',
    PATH: '/usr/bin',
    HTTPS_PROXY: 'http://proxy:3128',
    KUBECONFIG: '/home/dev/.kube/config',
    AWS_SECRET_ACCESS_KEY: 'secret',
    GITHUB_TOKEN: 'secret',
  });
  expect(environment).toMatchObject({
    HOME: '/runner',
    PATH: '/node/bin:/programs:/usr/bin',
    HTTPS_PROXY: 'http://proxy:3128',
    npm_config_userconfig: '/home/dev/.npmrc',
    npm_config_cache: '/home/dev/.npm',
  });
  expect(Object.keys(environment)).not.toContain('KUBECONFIG');
  expect(Object.values(environment)).not.toContain('secret');
});
