//go:build tools

// Package buildkit pins the programs of the optional build engine.
package buildkit

import (
	_ "github.com/docker/buildx/cmd/buildx"
	_ "github.com/moby/buildkit/cmd/buildkitd"
)
