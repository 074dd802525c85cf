// Command cluster is every program of a cluster that Debian has no package of, in one binary: the
// five parts of Kubernetes, CoreDNS and kustomize. It acts as the program whose name it is started
// under (a symbolic link), or whose name is its first argument. One binary because they share most
// of their packages: apart they would take several times the time to compile and link.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// programs maps a program's name to what runs it; each returns the exit status.
var programs = map[string]func() int{
	"kube-apiserver":          runAPIServer,
	"kube-controller-manager": runControllerManager,
	"kube-scheduler":          runScheduler,
	"kube-proxy":              runProxy,
	"kubelet":                 runKubelet,
	"coredns":                 runCoreDNS,
	"kustomize":               runKustomize,
}

func main() {
	name := filepath.Base(os.Args[0])
	run, ok := programs[name]
	if !ok && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		name = os.Args[0]
		run, ok = programs[name]
	}
	if !ok {
		names := make([]string, 0, len(programs))
		for known := range programs {
			names = append(names, known)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "cluster: no program %q in here; there are %s\n", name, strings.Join(names, ", "))
		os.Exit(2)
	}
	os.Exit(run())
}
