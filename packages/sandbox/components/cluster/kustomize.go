package main

import (
	"os"

	"github.com/spf13/cobra"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/build"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// runKustomize offers `kustomize build`, the one command of it that renders.
func runKustomize() int {
	root := &cobra.Command{Use: "kustomize", SilenceUsage: true}
	root.AddCommand(build.NewCmdBuild(filesys.MakeFsOnDisk(), build.MakeHelp("kustomize", "build"), os.Stdout))
	if err := root.Execute(); err != nil {
		return 1
	}
	return 0
}
