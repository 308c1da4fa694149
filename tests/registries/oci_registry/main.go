// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0

// A registry with the referrers API that keeps everything in memory, for the tests of the client.
// Prints the address that it listens on: one of the loopback unless told.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
)

// Does not tell that a subject was noted.
type forgetful struct{ http.ResponseWriter }

func (w forgetful) WriteHeader(status int) {
	w.Header().Del("OCI-Subject")
	w.ResponseWriter.WriteHeader(status)
}

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	cert := flag.String("cert", "", "PEM certificate; with it the registry speaks TLS")
	key := flag.String("key", "", "PEM key of the certificate")
	noReferrers := flag.Bool("no-referrers", false, "do not know the referrers API")
	noFilter := flag.Bool("no-filter", false, "do not filter referrers by type")
	flag.Parse()
	handler := ociserver.New(ocimem.New(), &ociserver.Options{
		DisableReferrersAPI:       *noReferrers,
		DisableReferrersFiltering: *noFilter,
	})
	if *noReferrers {
		all := handler
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			all.ServeHTTP(forgetful{w}, r)
		})
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	if *cert == "" {
		log.Fatal(http.Serve(listener, handler))
	}
	log.Fatal(http.ServeTLS(listener, handler, *cert, *key))
}
