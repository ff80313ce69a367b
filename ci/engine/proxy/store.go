package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

const indexFile = "index.jsonl"

// An answer to a GET. Its body is a file that is named by its hash: equal bodies are kept once.
type answer struct {
	URL    string            `json:"url"`
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	SHA256 string            `json:"sha256"`
	Size   int64             `json:"size"`
}

// What a client needs besides the body.
var keptHeaders = []string{
	"Content-Type", "Content-Encoding", "Location", "Last-Modified", "Etag", "Docker-Content-Digest",
}

// A store is a folder with a line for each answer in its index, and the bodies.
type store struct {
	dir     string
	mutex   sync.Mutex
	answers map[string]answer
}

func openStore(dir string) (*store, error) {
	if err := os.MkdirAll(filepath.Join(dir, "blobs"), 0o755); err != nil {
		return nil, err
	}
	kept := &store{dir: dir, answers: map[string]answer{}}
	file, err := os.Open(filepath.Join(dir, indexFile))
	if errors.Is(err, os.ErrNotExist) {
		return kept, nil
	} else if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := json.NewDecoder(bufio.NewReader(file))
	for {
		var line answer
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			return kept, nil
		} else if err != nil {
			return nil, err
		}
		kept.answers[line.URL] = line
	}
}

func (s *store) find(url string) (answer, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found, ok := s.answers[url]
	return found, ok
}

// send writes a kept answer. To a HEAD the server gives the body to nobody.
func (s *store) send(w http.ResponseWriter, kept answer) {
	body, err := os.Open(filepath.Join(s.dir, "blobs", kept.SHA256))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer body.Close()
	writeHead(w, kept, kept.Size)
	io.Copy(w, body)
}

// add keeps an answer whose body the draft has received.
func (s *store) add(kept answer, body *draft) error {
	kept.SHA256, kept.Size = body.sum(), body.size
	if err := body.keep(filepath.Join(s.dir, "blobs", kept.SHA256)); err != nil {
		return err
	}
	line, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	index, err := os.OpenFile(filepath.Join(s.dir, indexFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer index.Close()
	if _, err := index.Write(append(line, '\n')); err != nil {
		return err
	}
	s.answers[kept.URL] = kept
	return nil
}

// A draft is a body on its way into the store.
type draft struct {
	file *os.File
	hash hash.Hash
	size int64
}

func (s *store) draft() (*draft, error) {
	file, err := os.CreateTemp(s.dir, "draft-")
	return &draft{file: file, hash: sha256.New()}, err
}

func (d *draft) Write(piece []byte) (int, error) {
	d.hash.Write(piece)
	written, err := d.file.Write(piece)
	d.size += int64(written)
	return written, err
}

func (d *draft) sum() string { return hex.EncodeToString(d.hash.Sum(nil)) }

func (d *draft) keep(path string) error {
	if err := d.file.Chmod(0o644); err != nil {
		return err
	}
	return os.Rename(d.file.Name(), path)
}

// discard is for every draft in the end: what was kept has another name by then.
func (d *draft) discard() {
	d.file.Close()
	os.Remove(d.file.Name())
}
