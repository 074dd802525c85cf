// Command pause holds a pod's namespaces open: it does nothing until it is told to stop.
// Kubernetes' own image of it comes from a registry that a sandbox cannot count on.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
	os.Exit(0)
}
