// A registry that keeps the list of what refers to an image by itself, which the kit's does not. It is in memory.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	handler := registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(log.Writer(), "", 0)))
	log.Fatal(http.Serve(listener, handler))
}
