// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nv2 authors

package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/notaryproject/notation-core-go/revocation"
	"github.com/notaryproject/notation-core-go/revocation/crl"
	"github.com/notaryproject/notation-core-go/revocation/purpose"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
)

const storeName = "store"

// statement is what a policy document says of the one signature that is judged.
type statement struct {
	Level           string            `json:"level"`
	Override        map[string]string `json:"override"`
	VerifyTimestamp string            `json:"verify_timestamp"`
	Identities      []string          `json:"identities"` // any when empty
}

// unreachable is a network in which nothing answers.
type unreachable struct{}

func (unreachable) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no network here")
}

func offlineValidator(of purpose.Purpose) (revocation.Validator, error) {
	client := &http.Client{Transport: unreachable{}}
	fetcher, err := crl.NewHTTPFetcher(client)
	if err != nil {
		return nil, err
	}
	return revocation.NewWithOptions(revocation.Options{OCSPHTTPClient: client, CRLFetcher: fetcher, CertChainPurpose: of})
}

func offlineOptions() (options verifier.VerifierOptions, err error) {
	if options.RevocationCodeSigningValidator, err = offlineValidator(purpose.CodeSigning); err != nil {
		return
	}
	options.RevocationTimestampingValidator, err = offlineValidator(purpose.Timestamping)
	return
}

// memoryStore is a trust store whose certificates came with the request.
type memoryStore map[string][][]byte

func (s memoryStore) GetCertificates(_ context.Context, kind truststore.Type, name string) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for _, der := range s[string(kind)] {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		found = append(found, cert)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no certificates of type %s in %s", kind, name)
	}
	return found, nil
}

func (s memoryStore) write(config string) error {
	for kind, certificates := range s {
		folder := filepath.Join(config, "truststore", "x509", kind, storeName)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		for i, der := range certificates {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.crt", i)), der, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// document writes out the policy document for the statement of a request.
func (r request) document() ([]byte, error) {
	if r.Policy != nil {
		return r.Policy, nil
	}
	asked := statement{Level: "strict"}
	if r.Statement != nil {
		asked = *r.Statement
	}
	verification := map[string]any{"level": asked.Level}
	if asked.Override != nil {
		verification["override"] = asked.Override
	}
	if asked.VerifyTimestamp != "" {
		verification["verifyTimestamp"] = asked.VerifyTimestamp
	}
	entry := map[string]any{"name": "only", "signatureVerification": verification}
	if asked.Level != "skip" {
		stores := []string{"ca:" + storeName, "signingAuthority:" + storeName}
		if len(r.Anchors["tsa"]) != 0 {
			stores = append(stores, "tsa:"+storeName)
		}
		entry["trustStores"], entry["trustedIdentities"] = stores, []string{"*"}
		if len(asked.Identities) != 0 {
			entry["trustedIdentities"] = asked.Identities
		}
	}
	if r.Content != nil || r.BlobKind {
		entry["globalPolicy"] = true
	} else {
		entry["registryScopes"] = []string{"*"}
	}
	return json.Marshal(map[string]any{"version": "1.0", "trustPolicies": []any{entry}})
}

// load lets the library itself read the document from a file and check it.
func (r request) load(config string, options *verifier.VerifierOptions) error {
	document, err := r.document()
	if err != nil {
		return err
	}
	blob := r.Content != nil || r.BlobKind
	name := "trustpolicy.oci.json"
	if blob {
		name = "trustpolicy.blob.json"
	}
	if err := os.WriteFile(filepath.Join(config, name), document, 0o644); err != nil {
		return err
	}
	dir.UserConfigDir = config
	if blob {
		if options.BlobTrustPolicy, err = trustpolicy.LoadBlobDocument(); err != nil {
			return err
		}
		return options.BlobTrustPolicy.Validate()
	}
	if options.OCITrustPolicy, err = trustpolicy.LoadOCIDocument(); err != nil {
		return err
	}
	return options.OCITrustPolicy.Validate()
}

// judgePolicy tells whether a policy document is valid and, when there is a reference or name, whether a statement applies.
func judgePolicy(r request) answer {
	config, err := os.MkdirTemp("", "notation-peer-")
	if err != nil {
		return refused(err)
	}
	defer os.RemoveAll(config)
	var options verifier.VerifierOptions
	if err := r.load(config, &options); err != nil {
		return refused(err)
	}
	switch {
	case r.BlobKind && r.PolicyName != "":
		_, err = options.BlobTrustPolicy.GetApplicableTrustPolicy(r.PolicyName)
	case r.BlobKind && r.Reference != "":
		_, err = options.BlobTrustPolicy.GetGlobalTrustPolicy()
	case r.Reference != "":
		_, err = options.OCITrustPolicy.GetApplicableTrustPolicy(r.Reference)
	}
	if err != nil {
		return refused(err)
	}
	return answer{OK: true}
}

// judge verifies one envelope over one descriptor or blob, with anchors and a policy that came with it.
func judge(ctx context.Context, r request) answer {
	config, err := os.MkdirTemp("", "notation-peer-")
	if err != nil {
		return refused(err)
	}
	defer os.RemoveAll(config)
	options, err := offlineOptions()
	if err != nil {
		return refused(err)
	}
	if err := r.load(config, &options); err != nil {
		return refused(err)
	}
	var store truststore.X509TrustStore = memoryStore(r.Anchors)
	if r.FileStore {
		if err := memoryStore(r.Anchors).write(config); err != nil {
			return refused(err)
		}
		store = truststore.NewX509TrustStore(dir.ConfigFS())
	}
	made, err := verifier.NewVerifierWithOptions(store, options)
	if err != nil {
		return refused(err)
	}
	by := &watched{bothVerifier: made}
	if r.Content != nil {
		_, _, err := notation.VerifyBlob(ctx, by, bytes.NewReader(r.Content), r.Envelope, notation.VerifyBlobOptions{
			BlobVerifierVerifyOptions: notation.BlobVerifierVerifyOptions{SignatureMediaType: mediaTypes[r.Format],
				UserMetadata: r.Metadata, TrustPolicyName: r.PolicyName},
			ContentMediaType: r.MediaType})
		return describe(by.last, err)
	}
	if r.Artifact == nil {
		return refused(errors.New("neither content nor artifact"))
	}
	reference := r.Reference
	if reference == "" {
		reference = "registry.example.com/app@" + r.Artifact.Digest.String()
	}
	outcome, err := by.Verify(ctx, *r.Artifact, r.Envelope, notation.VerifierVerifyOptions{ArtifactReference: reference,
		SignatureMediaType: mediaTypes[r.Format], UserMetadata: r.Metadata})
	return describe(outcome, err)
}
