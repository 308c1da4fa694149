// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nv2 authors

// notation_peer answers requests about signatures with the Notary Project's own library, notation-go.
//
// Each line of standard input is a request, each line of standard output its answer, both JSON. The member "do" of a request
// says what is wanted: sign, sign-blob, verify, verify-blob, judge or policy. See README.md of tests/interop.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/notaryproject/notation-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

const maxLine = 64 << 20

type request struct {
	Do string `json:"do"`

	// sign, verify: an OCI layout directory and a tag or digest in it. sign-blob, verify-blob: two files.
	Layout    string `json:"layout"`
	Reference string `json:"reference"`
	Blob      string `json:"blob"`
	Signature string `json:"signature"`

	// sign, sign-blob
	Format      string            `json:"format"` // jws or cose
	Key         string            `json:"key"`    // PEM files
	Chain       string            `json:"chain"`
	Scheme      string            `json:"scheme"`       // notary.x509 when empty
	SigningTime string            `json:"signing_time"` // RFC 3339; now when empty
	Expiry      string            `json:"expiry"`       // as time.ParseDuration reads it
	MediaType   string            `json:"media_type"`   // of the blob
	Metadata    map[string]string `json:"metadata"`

	// verify, verify-blob: a notation configuration directory, and how the statement is found in it.
	Config     string `json:"config"`
	Scope      string `json:"scope"`
	PolicyName string `json:"policy_name"`

	// judge: one envelope with what it is judged by. policy: a document alone.
	Envelope  []byte              `json:"envelope"` // base64, as every byte slice here
	Artifact  *ocispec.Descriptor `json:"artifact"`
	Content   []byte              `json:"content"` // of a blob; then artifact is not needed
	Anchors   map[string][][]byte `json:"anchors"` // type of the store to certificates
	FileStore bool                `json:"file_store"`
	Statement *statement          `json:"statement"`
	Policy    []byte              `json:"policy"` // document, in place of the statement
	BlobKind  bool                `json:"blob_policy"`
}

type answer struct {
	OK       bool              `json:"ok"`
	Skipped  bool              `json:"skipped,omitempty"`
	Level    string            `json:"level,omitempty"`
	Digest   string            `json:"digest,omitempty"`
	Checks   map[string]string `json:"checks,omitempty"` // validation type to "ok", "failed" or "logged"
	Why      map[string]string `json:"why,omitempty"`    // the same for the texts of what failed
	Metadata map[string]string `json:"metadata,omitempty"`
	Error    string            `json:"error,omitempty"`
	Crash    bool              `json:"crash,omitempty"`
}

func refused(err error) answer { return answer{Error: err.Error()} }

func handle(ctx context.Context, r request) (reply answer) {
	defer func() {
		if what := recover(); what != nil {
			reply = answer{Error: fmt.Sprint(what), Crash: true}
		}
	}()
	switch r.Do {
	case "sign":
		return signArtifact(ctx, r)
	case "sign-blob":
		return signBlob(ctx, r)
	case "verify":
		return verifyArtifact(ctx, r)
	case "verify-blob":
		return verifyBlob(ctx, r)
	case "judge":
		return judge(ctx, r)
	case "policy":
		return judgePolicy(r)
	}
	return refused(errors.New("no such request: " + r.Do))
}

// describe turns what the library found about one signature into an answer.
func describe(outcome *notation.VerificationOutcome, err error) answer {
	reply := answer{OK: err == nil}
	if err != nil {
		reply.Error = err.Error()
	}
	if outcome == nil {
		return reply
	}
	if outcome.VerificationLevel != nil {
		reply.Level = outcome.VerificationLevel.Name
	}
	if outcome.EnvelopeContent == nil && err == nil {
		reply.Skipped = true
		return reply
	}
	reply.Checks, reply.Why = map[string]string{}, map[string]string{}
	for _, result := range outcome.VerificationResults {
		name := string(result.Type)
		switch {
		case result.Error == nil:
			reply.Checks[name] = "ok"
		case result.Action == "enforce":
			reply.Checks[name] = "failed"
		default:
			reply.Checks[name] = "logged"
		}
		if result.Error != nil {
			reply.Why[name] = result.Error.Error()
		}
	}
	if err == nil {
		reply.Metadata, _ = outcome.UserMetadata()
	}
	return reply
}

func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	return time.Parse(time.RFC3339, text)
}

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(make([]byte, 1<<20), maxLine)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var r request
		if err := json.Unmarshal(input.Bytes(), &r); err != nil {
			output.Encode(refused(fmt.Errorf("bad request: %w", err)))
			continue
		}
		output.Encode(handle(context.Background(), r))
	}
	if err := input.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
