// A forward proxy for HTTP and HTTPS that remembers. "record" passes requests on and keeps the answers, "replay"
// answers from what was kept and reaches no network.
//
//	lockstep-proxy record|replay -store DIR -authority DIR [-listen ADDRESS] [-with-stdin]
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

type settings struct {
	store     string
	authority string
	listen    string
	withStdin bool
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lockstep-proxy:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say record or replay")
	}
	options, err := parse(args[1:])
	if err != nil {
		return err
	}
	kept, err := openStore(options.store)
	if err != nil {
		return err
	}
	signer, err := openAuthority(options.authority)
	if err != nil {
		return err
	}
	handler, err := handlerOf(args[0], kept)
	if err != nil {
		return err
	}
	if options.withStdin {
		go endWithStdin()
	}
	return serve(options.listen, &proxy{signer: signer, handler: handler})
}

func parse(args []string) (settings, error) {
	var options settings
	flags := flag.NewFlagSet("lockstep-proxy", flag.ContinueOnError)
	flags.StringVar(&options.store, "store", "", "folder of the answers")
	flags.StringVar(&options.authority, "authority", "", "folder of the certificate authority; made when it is empty")
	flags.StringVar(&options.listen, "listen", "127.0.0.1:0", "address and port")
	flags.BoolVar(&options.withStdin, "with-stdin", false, "end when the standard input does")
	err := flags.Parse(args)
	if err == nil && (options.store == "" || options.authority == "") {
		err = fmt.Errorf("-store and -authority are needed")
	}
	return options, err
}

func handlerOf(mode string, kept *store) (http.Handler, error) {
	switch mode {
	case "record":
		return newRecorder(kept), nil
	case "replay":
		return &replayer{kept}, nil
	}
	return nil, fmt.Errorf("there is no mode %q", mode)
}

func serve(address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	// Who started the proxy waits for this line.
	fmt.Println("listening on", listener.Addr())
	return http.Serve(listener, handler)
}

// Whoever started the proxy may be killed: it then goes too.
func endWithStdin() {
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
