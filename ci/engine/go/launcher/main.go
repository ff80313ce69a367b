// Starts the Dagger CLI beside it. While the kit's engine answers, the CLI is told its socket, which saves the Docker
// commands with which it would find the engine: half a second a call. Else it goes its usual way, which starts a
// stopped engine, and says what is wrong where Docker is missing.
package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const runnerHost = "_EXPERIMENTAL_DAGGER_RUNNER_HOST"

// Filled at link time.
var engineSocket string

func main() {
	if os.Getenv(runnerHost) == "" && answers(engineSocket) {
		os.Setenv(runnerHost, "unix://"+engineSocket)
	}
	cli, err := besides("dagger-cli")
	if err == nil {
		err = syscall.Exec(cli, os.Args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "error KIT_CLI_MISSING: the Dagger CLI cannot be started\n  why:", err, "\n  do:  npm run kit -- up")
	os.Exit(1)
}

// A socket's file outlives an engine that was killed: only a connection shows that somebody listens.
func answers(socket string) bool {
	connection, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

func besides(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(self)
	return filepath.Join(filepath.Dir(real), name), err
}
