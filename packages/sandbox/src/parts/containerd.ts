import { type ClusterPart, POD_RANGE } from '../cluster.ts';

/** The container runtime, with the pods' network. */
export const containerd: ClusterPart = (cluster) => {
  const registry = `localhost:${cluster.registryPort}`;
  return {
    name: 'containerd',
    command: ['containerd', `--config=${cluster.inside}/containerd.toml`],
    after: [],
    ready: { kind: 'socket', path: '/run/containerd/containerd.sock' },
    files: {
      [`${cluster.folder}/containerd.toml`]: containerdConfig(cluster.inside, cluster.pauseImage),
      [`${cluster.folder}/registries/${registry}/hosts.toml`]: `server = "http://${registry}"

[host."http://${registry}"]
capabilities = ["pull", "resolve"]
`,
      [`${cluster.folder}/cni/10-pods.conflist`]: `${JSON.stringify(podNetwork(cluster.inside), null, 2)}\n`,
    },
  };
};

function containerdConfig(inside: string, pauseImage: string): string {
  // restrict_oom_score_adj: without CAP_SYS_RESOURCE a pod's lower score cannot be set, and it would not start.
  return `version = 2
root = "${inside}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]

[grpc]
address = "/run/containerd/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${pauseImage}"
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${inside}/cni"

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "${inside}/registries"
`;
}

/**
 * A pair of interfaces for each pod, routed. On a bridge, what one pod answers another through a
 * Service would pass by the packet filter unless the machine has br_netfilter switched on.
 */
function podNetwork(inside: string): object {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'ptp',
        ipam: {
          type: 'host-local',
          dataDir: `${inside}/cni-addresses`,
          ranges: [[{ subnet: POD_RANGE }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}
