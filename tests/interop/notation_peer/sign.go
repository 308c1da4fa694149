// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nv2 authors

package main

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/cose"
	"github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/registry"
	"github.com/notaryproject/notation-go/signer"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

var mediaTypes = map[string]string{"jws": jws.MediaTypeEnvelope, "cose": cose.MediaTypeEnvelope}

// coreSigner signs under any scheme and at any time, for which notation-go has no signer of its own.
type coreSigner struct {
	key    crypto.PrivateKey
	cert   []*x509.Certificate
	time   time.Time
	scheme signature.SigningScheme
}

func (s coreSigner) Sign(ctx context.Context, target ocispec.Descriptor, options notation.SignerSignOptions) ([]byte,
	*signature.SignerInfo, error) {
	payload, err := json.Marshal(map[string]ocispec.Descriptor{"targetArtifact": target})
	if err != nil {
		return nil, nil, err
	}
	local, err := signature.NewLocalSigner(s.cert, s.key)
	if err != nil {
		return nil, nil, err
	}
	asked := &signature.SignRequest{
		Payload:       signature.Payload{ContentType: "application/vnd.cncf.notary.payload.v1+json", Content: payload},
		Signer:        local,
		SigningTime:   s.time,
		SigningScheme: s.scheme,
		SigningAgent:  "notation_peer",
	}
	if options.ExpiryDuration != 0 {
		asked.Expiry = s.time.Add(options.ExpiryDuration)
	}
	envelope, err := signature.NewEnvelope(options.SignatureMediaType)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := envelope.Sign(asked.WithContext(ctx))
	if err != nil {
		return nil, nil, err
	}
	content, err := envelope.Verify()
	if err != nil {
		return nil, nil, err
	}
	return sealed, &content.SignerInfo, nil
}

func signingOptions(r request) (notation.SignerSignOptions, error) {
	options := notation.SignerSignOptions{SignatureMediaType: mediaTypes[r.Format]}
	if r.Expiry == "" {
		return options, nil
	}
	expiry, err := time.ParseDuration(r.Expiry)
	options.ExpiryDuration = expiry
	return options, err
}

func newSigner(r request) (notation.Signer, error) {
	if r.Scheme == "" && r.SigningTime == "" {
		return signer.NewGenericSignerFromFiles(r.Key, r.Chain)
	}
	pair, err := tls.LoadX509KeyPair(r.Chain, r.Key)
	if err != nil {
		return nil, err
	}
	at, err := parseTime(r.SigningTime)
	if err != nil {
		return nil, err
	}
	made := coreSigner{key: pair.PrivateKey, time: at, scheme: signature.SigningScheme(r.Scheme)}
	if made.scheme == "" {
		made.scheme = signature.SigningSchemeX509
	}
	for _, der := range pair.Certificate {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		made.cert = append(made.cert, cert)
	}
	return made, nil
}

func signArtifact(ctx context.Context, r request) answer {
	options, err := signingOptions(r)
	if err != nil {
		return refused(err)
	}
	by, err := newSigner(r)
	if err != nil {
		return refused(err)
	}
	repository, err := registry.NewOCIRepository(r.Layout, registry.RepositoryOptions{})
	if err != nil {
		return refused(err)
	}
	target, err := repository.Resolve(ctx, r.Reference)
	if err != nil {
		return refused(err)
	}
	_, _, err = notation.SignOCI(ctx, by, repository, notation.SignOptions{SignerSignOptions: options,
		ArtifactReference: target.Digest.String(), UserMetadata: r.Metadata})
	if err != nil {
		return refused(err)
	}
	return answer{OK: true, Digest: target.Digest.String()}
}

func signBlob(ctx context.Context, r request) answer {
	options, err := signingOptions(r)
	if err != nil {
		return refused(err)
	}
	by, err := newSigner(r)
	if err != nil {
		return refused(err)
	}
	blobSigner, ok := by.(notation.BlobSigner)
	if !ok {
		return refused(fmt.Errorf("no blob signatures under the scheme %q", r.Scheme))
	}
	blob, err := os.Open(r.Blob)
	if err != nil {
		return refused(err)
	}
	defer blob.Close()
	sealed, _, err := notation.SignBlob(ctx, blobSigner, blob, notation.SignBlobOptions{SignerSignOptions: options,
		ContentMediaType: r.MediaType, UserMetadata: r.Metadata})
	if err != nil {
		return refused(err)
	}
	if err := os.WriteFile(r.Signature, sealed, 0o644); err != nil {
		return refused(err)
	}
	return answer{OK: true}
}
