package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	certificateFile = "authority.crt"
	keyFile         = "authority.key"
)

// An authority vouches for every host, to those who trust it: the clients of this proxy alone. Each machine makes its
// own, so that no key is ever passed on.
type authority struct {
	certificateDER []byte
	parsed         *x509.Certificate
	key            *ecdsa.PrivateKey
	mutex          sync.Mutex
	issued         map[string]*tls.Certificate
}

// openAuthority takes the authority from the folder, or makes one there.
func openAuthority(dir string) (*authority, error) {
	if _, err := os.Stat(filepath.Join(dir, certificateFile)); errors.Is(err, os.ErrNotExist) {
		if err := makeAuthority(dir); err != nil {
			return nil, err
		}
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, certificateFile), filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key in %s is of another kind", dir)
	}
	return &authority{pair.Certificate[0], pair.Leaf, key, sync.Mutex{}, map[string]*tls.Certificate{}}, nil
}

// makeAuthority writes the certificate last: it says that the key is there.
func makeAuthority(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := basics("Lockstep's proxy on this machine")
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, keyFile), "PRIVATE KEY", encoded, 0o600); err != nil {
		return err
	}
	return writePEM(filepath.Join(dir, certificateFile), "CERTIFICATE", certificate, 0o644)
}

func writePEM(file, kind string, content []byte, mode os.FileMode) error {
	encoded := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
	draft := file + ".new"
	if err := os.WriteFile(draft, encoded, mode); err != nil {
		return err
	}
	return os.Rename(draft, file)
}

// certificate issues one for the host name or address, once.
func (a *authority) certificate(host string) (*tls.Certificate, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if known, ok := a.issued[host]; ok {
		return known, nil
	}
	template := basics(host)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if address := net.ParseIP(host); address != nil {
		template.IPAddresses = []net.IP{address}
	} else {
		template.DNSNames = []string{host}
	}
	issued, err := x509.CreateCertificate(rand.Reader, template, a.parsed, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	a.issued[host] = &tls.Certificate{Certificate: [][]byte{issued, a.certificateDER}, PrivateKey: a.key}
	return a.issued[host], nil
}

// Valid at any time that the clock of a machine without network may show.
func basics(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2049, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}
