package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// A replayer answers from the store alone.
type replayer struct{ kept *store }

func (p *replayer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	url := r.URL.String()
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if found, ok := p.kept.find(url); ok {
			p.kept.send(w, found)
			return
		}
	}
	refuse(w, r, url)
}

// Refused, not "not found": clients take that as final, do not try again and do not try elsewhere.
func refuse(w http.ResponseWriter, r *http.Request, url string) {
	message := fmt.Sprintf("error KIT_NOT_IN_PACK: %s %s is not in the pack, and this machine has no network for it", r.Method, url)
	fmt.Fprintln(os.Stderr, message)
	// npm shows the member of an object, others the text.
	if strings.Contains(r.Header.Get("Accept"), "json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		json.NewEncoder(w).Encode(map[string]string{"error": message})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	io.WriteString(w, message+"\n")
}
