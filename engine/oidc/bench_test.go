package oidc

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

// githubSized is a token with the claims of a GitHub Actions token and its size, 1.7 KB.
func githubSized() string {
	var more []string
	for _, name := range []string{
		"actor", "actor_id", "base_ref", "environment", "event_name", "head_ref", "job_workflow_ref", "job_workflow_sha", "ref", "ref_protected",
		"ref_type", "repository", "repository_id", "repository_owner", "repository_owner_id", "repository_visibility", "run_attempt", "run_id",
		"run_number", "runner_environment", "sha", "workflow", "workflow_ref", "workflow_sha", "jti",
	} {
		more = append(more, fmt.Sprintf("%q:%q", name, "octo-org/octo-repo"))
	}
	return sign("RS256", rsaOne, `{"alg":"RS256","kid":"r1","typ":"JWT","x5t":"ykNaY4qM_ta4k2TgZOCEYLkcYlA"}`, with(strings.Join(more, ",")))
}

func BenchmarkRead(b *testing.B) {
	raw := githubSized()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Read(raw)
	}
}

func BenchmarkClaims(b *testing.B) {
	token, _ := Read(githubSized())
	b.ReportAllocs()
	for b.Loop() {
		token.Claims()
	}
}

func BenchmarkReadKeySet(b *testing.B) {
	body := served(jwks(jwk(&rsaOne.PublicKey, "r1", `"use":"sig"`, `"alg":"RS256"`)))
	b.ReportAllocs()
	for b.Loop() {
		ReadKeySet(body)
	}
}

func BenchmarkFind(b *testing.B) {
	token, keys := prepared()
	b.ReportAllocs()
	for b.Loop() {
		keys.Find(token)
	}
}

// BenchmarkVerify against BenchmarkBareVerify is what this package adds.
func BenchmarkVerify(b *testing.B) {
	token, keys := prepared()
	for b.Loop() {
		Verify(token, &keys.Keys[0])
	}
}

func BenchmarkBareVerify(b *testing.B) {
	token, _ := prepared()
	for b.Loop() {
		digest := sha256.Sum256([]byte(token.SigningInput))
		if err := rsa.VerifyPKCS1v15(&rsaOne.PublicKey, crypto.SHA256, digest[:], token.Signature); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDissect(b *testing.B) {
	token, keys := prepared()
	b.ReportAllocs()
	for b.Loop() {
		Dissect(token, &keys.Keys[0], false)
	}
}

func prepared() (*Token, KeySet) {
	token, _ := Read(githubSized())
	keys, _ := ReadKeySet(served(jwks(jwk(&rsaOne.PublicKey, "r1"))))
	return token, keys
}
