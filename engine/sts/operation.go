package sts

import (
	"fmt"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// operation is an operation of AWS STS that assumes a role.
type operation struct {
	action    string            // as policies name it
	proof     string            // what shows who calls, in a word
	principal string            // whom a trust policy names for it, in a word
	cite      trace.Cite        // its page of the API reference
	titles    map[string]string // of rules that it words otherwise, by code
}

var (
	assumeRoleWithWebIdentity = &operation{action: "sts:AssumeRoleWithWebIdentity", proof: "token", principal: "provider", cite: citeAPI}
	assumeRoleWithSAML        = &operation{action: "sts:AssumeRoleWithSAML", proof: "response", principal: "provider", cite: citeSAMLAPI}
	assumeRole                = &operation{action: "sts:AssumeRole", proof: "request", principal: "caller", cite: citeAssumeRole, titles: map[string]string{
		"trust/principal": "The trust policy names the caller as its principal",
	}}
	getSessionToken    = &operation{action: "sts:GetSessionToken", proof: "request", principal: "caller", cite: citeGetSessionToken, titles: tokenTitles}
	getFederationToken = &operation{action: "sts:GetFederationToken", proof: "request", principal: "caller", cite: citeGetFederationToken, titles: tokenTitles}
	getCallerIdentity  = &operation{action: "sts:GetCallerIdentity", proof: "request", principal: "caller", cite: citeGetCallerIdentity}

	assumeRoot                 = &operation{action: "sts:AssumeRoot", proof: "request", principal: "caller", cite: citeAssumeRoot, titles: tokenTitles}
	decodeAuthorizationMessage = &operation{action: "sts:DecodeAuthorizationMessage", proof: "request", principal: "caller", cite: citeDecodeMessage}
	getAccessKeyInfo           = &operation{action: "sts:GetAccessKeyInfo", proof: "request", principal: "caller", cite: citeGetAccessKeyInfo}
	getWebIdentityToken        = &operation{action: "sts:GetWebIdentityToken", proof: "request", principal: "caller", cite: citeGetWebIdentity, titles: map[string]string{
		"sts/duration":      "The token ends before the caller's session does",
		"sts/credentials":   "A signed token is issued",
		"trust/tag-session": "The caller may " + actionTagToken + " where tags are passed",
	}}
)

var tokenTitles = map[string]string{
	"sts/duration":      "DurationSeconds is within the caller's maximum",
	"trust/tag-session": "The caller may sts:TagSession where tags are passed",
}

// name is the operation without its service.
func (o *operation) name() string { return strings.TrimPrefix(o.action, "sts:") }

// operations are those that are played, in the order of the alphabet.
var operations = []*operation{
	assumeRole, assumeRoleWithSAML, assumeRoleWithWebIdentity, assumeRoot, decodeAuthorizationMessage,
	getAccessKeyInfo, getCallerIdentity, getFederationToken, getSessionToken, getWebIdentityToken,
}

// says begins a sentence's half about what the proof has.
func (o *operation) says() string { return "the " + o.proof + " says" }

// NotModelled is the result of an action that the playground doesn't play.
// What isn't modelled never allows. The code is the playground's own, and no
// answer of AWS.
func NotModelled(action string) Result {
	why := fmt.Sprintf("%s is not modelled here, so nothing is said about what AWS would answer.", action)
	names := make([]string, len(operations))
	for i, o := range operations {
		names[i] = o.action
	}
	if near, certain := source.Nearest(action, names); certain {
		why += " Did you mean " + near + "?"
	}
	w := &walk{}
	w.Fail(ruleOperation, trace.Playground("NotModelled", "The playground doesn't model "+action+"."),
		"an operation that is modelled", action, why)
	return Result{Error: w.Err, Failed: w.Failed, Steps: w.Steps, Verdict: "Not modelled. " + why}
}
