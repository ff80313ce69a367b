package main

import (
	"net"
	"sync"
)

// single is a listener with one connection, for an HTTP server inside a tunnel.
type single struct {
	connection chan net.Conn
	address    net.Addr
	closed     chan struct{}
}

func newSingle(connection net.Conn) *single {
	listener := &single{make(chan net.Conn, 1), connection.LocalAddr(), make(chan struct{})}
	listener.connection <- &signalling{Conn: connection, closed: listener.closed}
	return listener
}

// Accept waits after the first connection until that has ended: the server then ends as well.
func (s *single) Accept() (net.Conn, error) {
	select {
	case connection := <-s.connection:
		return connection, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *single) Close() error   { return nil }
func (s *single) Addr() net.Addr { return s.address }

type signalling struct {
	net.Conn
	closed chan struct{}
	once   sync.Once
}

func (c *signalling) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
