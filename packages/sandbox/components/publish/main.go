// Command publish listens on every given address and then becomes the given program, which inherits
// the listening sockets:
//
//	publish ADDRESS... -- PROGRAM ARGUMENT...
//
// The environment variable PUBLISHED tells it which is which: ADDRESS=FD,ADDRESS=FD. A socket stays
// in the network namespace it was made in, so a program that moves to a namespace of its own
// still accepts what comes to these addresses outside.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// portTaken is the exit status that tells the caller to try another block of ports.
const portTaken = 98

func main() {
	end := slices.Index(os.Args, "--")
	if end < 0 || end+1 == len(os.Args) {
		fail(errors.New("no program after --"), 2)
	}
	var published []string
	var sockets []*os.File // held until the exec: a collected file closes its descriptor
	for _, address := range os.Args[1:end] {
		socket, err := inheritable(address)
		if errors.Is(err, syscall.EADDRINUSE) {
			fail(err, portTaken)
		}
		if err != nil {
			fail(err, 1)
		}
		sockets = append(sockets, socket)
		published = append(published, fmt.Sprintf("%s=%d", address, socket.Fd()))
	}
	program, err := exec.LookPath(os.Args[end+1])
	if err != nil {
		fail(err, 1)
	}
	environment := append(os.Environ(), "PUBLISHED="+strings.Join(published, ","))
	err = syscall.Exec(program, os.Args[end+1:], environment)
	runtime.KeepAlive(sockets)
	fail(err, 1)
}

// inheritable listens on address and returns the socket as a file that survives exec.
func inheritable(address string) (*os.File, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), syscall.F_SETFD, 0); errno != 0 {
		return nil, errno
	}
	return file, nil
}

func fail(err error, status int) {
	fmt.Fprintln(os.Stderr, "publish:", err)
	os.Exit(status)
}
