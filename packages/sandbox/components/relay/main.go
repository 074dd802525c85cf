// Command relay accepts connections and passes each on to another address until it is killed:
//
//	relay LISTEN=DIAL...
//
// LISTEN is fd:N (an inherited listening socket), tcp:HOST:PORT or unix:PATH; DIAL is one of the last two.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
)

func main() {
	failed := make(chan error)
	for _, route := range os.Args[1:] {
		from, to, ok := strings.Cut(route, "=")
		if !ok {
			fail(fmt.Errorf("%q is not LISTEN=DIAL", route))
		}
		listener, err := listen(from)
		if err != nil {
			fail(err)
		}
		go func() { failed <- accept(listener, to) }()
	}
	fmt.Println("relaying", len(os.Args)-1, "addresses")
	fail(<-failed)
}

func listen(address string) (net.Listener, error) {
	kind, where, _ := strings.Cut(address, ":")
	if kind != "fd" {
		return net.Listen(kind, where)
	}
	fd, err := strconv.Atoi(where)
	if err != nil {
		return nil, fmt.Errorf("%q names no file descriptor", address)
	}
	file := os.NewFile(uintptr(fd), address)
	defer file.Close() // FileListener has a duplicate
	return net.FileListener(file)
}

func accept(listener net.Listener, to string) error {
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go pass(client, to)
	}
}

// pass copies both ways until both sides have finished. The copies are io.Copy between sockets,
// which the kernel does by splice(2): the relay itself hardly shows in a load test.
func pass(client net.Conn, to string) {
	defer client.Close()
	kind, where, _ := strings.Cut(to, ":")
	server, err := net.Dial(kind, where)
	if err != nil {
		// Nobody listens inside: the client shall see a reset, as near as can be to "connection refused".
		if tcp, ok := client.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Add(2)
	go copyHalf(&both, server, client)
	go copyHalf(&both, client, server)
	both.Wait()
}

// copyHalf ends one direction alone: a client may close its side and still wait for the answer.
func copyHalf(done *sync.WaitGroup, to, from net.Conn) {
	defer done.Done()
	io.Copy(to, from)
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "relay:", err)
	os.Exit(1)
}
