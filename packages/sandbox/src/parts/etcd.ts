import type { ClusterPart } from '../cluster.ts';

/** The cluster's store. Syncing to disk is off: a sandbox's data need not outlive a power cut. */
export const etcd: ClusterPart = (cluster) => ({
  name: 'etcd',
  command: [
    'etcd',
    `--data-dir=${cluster.inside}/etcd`,
    '--listen-client-urls=http://127.0.0.1:2379',
    '--advertise-client-urls=http://127.0.0.1:2379',
    '--listen-peer-urls=http://127.0.0.1:2380',
    '--unsafe-no-fsync',
    '--logger=zap',
  ],
  after: [],
  ready: { kind: 'http', url: 'http://127.0.0.1:2379/health' },
  files: {},
});
