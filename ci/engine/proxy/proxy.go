package main

import (
	"bufio"
	"crypto/tls"
	"net"
	"net/http"
)

// What the proxy does with a request, once its URL is complete, is the handler's matter.
type proxy struct {
	signer  *authority
	handler http.Handler
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		p.tunnel(w, r.Host)
	case r.URL.IsAbs():
		p.handler.ServeHTTP(w, r)
	default:
		http.Error(w, "this is a proxy: ask it for whole URLs", http.StatusBadRequest)
	}
}

// tunnel plays the server that the client asked for: that is the only way to see what it asks.
func (p *proxy) tunnel(w http.ResponseWriter, host string) {
	connection, err := hijack(w)
	if err != nil {
		return
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		connection.Close()
		return
	}
	secured := tls.Server(connection, &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
		// Clients that ask for an address send no name.
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.signer.certificate(name) },
	})
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Scheme, r.URL.Host = "https", withoutDefaultPort(host)
		p.handler.ServeHTTP(w, r)
	})
	http.Serve(newSingle(secured), inner)
}

func hijack(w http.ResponseWriter) (net.Conn, error) {
	connection, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	if _, err := connection.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		connection.Close()
		return nil, err
	}
	return &readAhead{connection, buffered.Reader}, nil
}

// The same resource has the same URL, whether its client names the port or not.
func withoutDefaultPort(host string) string {
	if name, port, err := net.SplitHostPort(host); err == nil && port == "443" {
		return name
	}
	return host
}

// readAhead is a connection of which the HTTP server may have read more than the request.
type readAhead struct {
	net.Conn
	reader *bufio.Reader
}

func (c *readAhead) Read(buffer []byte) (int, error) { return c.reader.Read(buffer) }
