// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nv2 authors

package main

import (
	"context"
	"os"

	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/registry"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// bothVerifier is what notation-go's verifier is: good for artifacts in registries and layouts and for blobs.
type bothVerifier interface {
	notation.Verifier
	notation.BlobVerifier
	SkipVerify(context.Context, notation.VerifierVerifyOptions) (bool, *trustpolicy.VerificationLevel, error)
}

// watched keeps what was found about the last signature, which notation.Verify tells only of good ones.
type watched struct {
	bothVerifier
	last *notation.VerificationOutcome
}

func (w *watched) Verify(ctx context.Context, artifact ocispec.Descriptor, envelope []byte,
	options notation.VerifierVerifyOptions) (*notation.VerificationOutcome, error) {
	outcome, err := w.bothVerifier.Verify(ctx, artifact, envelope, options)
	w.last = outcome
	return outcome, err
}

func (w *watched) VerifyBlob(ctx context.Context, describe notation.BlobDescriptorGenerator, envelope []byte,
	options notation.BlobVerifierVerifyOptions) (*notation.VerificationOutcome, error) {
	outcome, err := w.bothVerifier.VerifyBlob(ctx, describe, envelope, options)
	w.last = outcome
	return outcome, err
}

// configured makes the verifier that a configuration directory describes, as the notation command does.
func configured(config string, blob bool) (*watched, error) {
	dir.UserConfigDir = config
	options, err := offlineOptions()
	if err != nil {
		return nil, err
	}
	if blob {
		options.BlobTrustPolicy, err = trustpolicy.LoadBlobDocument()
	} else {
		options.OCITrustPolicy, err = trustpolicy.LoadOCIDocument()
	}
	if err != nil {
		return nil, err
	}
	by, err := verifier.NewVerifierWithOptions(truststore.NewX509TrustStore(dir.ConfigFS()), options)
	if err != nil {
		return nil, err
	}
	return &watched{bothVerifier: by}, nil
}

func verifyArtifact(ctx context.Context, r request) answer {
	by, err := configured(r.Config, false)
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
	verified, outcomes, err := notation.Verify(ctx, by, repository, notation.VerifyOptions{
		ArtifactReference: r.Scope + "@" + target.Digest.String(), MaxSignatureAttempts: 100, UserMetadata: r.Metadata})
	outcome := by.last
	if len(outcomes) > 0 {
		outcome = outcomes[len(outcomes)-1]
	}
	reply := describe(outcome, err)
	if reply.OK && !reply.Skipped {
		reply.Digest = verified.Digest.String()
	}
	return reply
}

func verifyBlob(ctx context.Context, r request) answer {
	by, err := configured(r.Config, true)
	if err != nil {
		return refused(err)
	}
	blob, err := os.Open(r.Blob)
	if err != nil {
		return refused(err)
	}
	defer blob.Close()
	sealed, err := os.ReadFile(r.Signature)
	if err != nil {
		return refused(err)
	}
	_, _, err = notation.VerifyBlob(ctx, by, blob, sealed, notation.VerifyBlobOptions{
		BlobVerifierVerifyOptions: notation.BlobVerifierVerifyOptions{SignatureMediaType: mediaTypes[r.Format],
			UserMetadata: r.Metadata, TrustPolicyName: r.PolicyName},
		ContentMediaType: r.MediaType})
	return describe(by.last, err)
}
