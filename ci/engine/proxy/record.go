package main

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// Answers that say something about the resource, and not about the moment.
var lasting = []int{
	http.StatusOK, http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
	http.StatusPermanentRedirect, http.StatusNotFound, http.StatusGone,
}

// What would make an answer hold for this client alone, or concern the connection.
var notForwarded = []string{
	"Accept-Encoding", "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
	"Connection", "Proxy-Connection", "Proxy-Authorization", "Keep-Alive", "Te", "Upgrade",
}

// A recorder answers a URL from the network once, and then from the store: all clients see the same state of a
// registry, and so do those of a replay.
type recorder struct {
	kept     *store
	upstream http.RoundTripper
	mutex    sync.Mutex
	busy     map[string]*sync.Mutex
}

func newRecorder(kept *store) *recorder {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	return &recorder{kept: kept, upstream: transport, busy: map[string]*sync.Mutex{}}
}

func (p *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		p.forward(w, r)
		return
	}
	url := r.URL.String()
	turn := p.turn(url)
	turn.Lock()
	defer turn.Unlock()
	if found, ok := p.kept.find(url); ok {
		p.kept.send(w, found)
		return
	}
	p.record(w, r, url)
}

// turn is a lock for the URL: who asks while another's answer is on its way waits for that.
func (p *recorder) turn(url string) *sync.Mutex {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if _, ok := p.busy[url]; !ok {
		p.busy[url] = &sync.Mutex{}
	}
	return p.busy[url]
}

// record passes the body on while it comes in: a client would not wait for a large one.
func (p *recorder) record(w http.ResponseWriter, r *http.Request, url string) {
	response, err := p.ask(r, http.MethodGet)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	body, err := p.kept.draft()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer body.discard()
	got := answer{URL: url, Status: response.StatusCode, Header: keptOf(response.Header)}
	writeHead(w, got, response.ContentLength)
	if _, err := io.Copy(io.MultiWriter(body, &unfailing{w}), response.Body); err != nil {
		// Only a broken connection tells the client that this is not all.
		panic(http.ErrAbortHandler)
	}
	if slices.Contains(lasting, response.StatusCode) {
		if err := p.kept.add(got, body); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

func (p *recorder) forward(w http.ResponseWriter, r *http.Request) {
	response, err := p.ask(r, r.Method)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body)
}

func (p *recorder) ask(r *http.Request, method string) (*http.Response, error) {
	// A client that goes away does not take the answer with it: the next one needs it.
	request, err := http.NewRequest(method, r.URL.String(), r.Body)
	if err != nil {
		return nil, err
	}
	if method == http.MethodGet {
		request.Body = nil
	}
	request.ContentLength = r.ContentLength
	request.Header = r.Header.Clone()
	for _, name := range notForwarded {
		request.Header.Del(name)
	}
	return p.upstream.RoundTrip(request)
}

func keptOf(header http.Header) map[string]string {
	kept := map[string]string{}
	for _, name := range keptHeaders {
		if value := header.Get(name); value != "" {
			kept[name] = value
		}
	}
	return kept
}

func writeHead(w http.ResponseWriter, kept answer, size int64) {
	for name, value := range kept.Header {
		w.Header().Set(name, value)
	}
	if size >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	}
	w.WriteHeader(kept.Status)
}

// unfailing goes on for the store's sake when the client has gone.
type unfailing struct{ client io.Writer }

func (u *unfailing) Write(piece []byte) (int, error) {
	u.client.Write(piece)
	return len(piece), nil
}
