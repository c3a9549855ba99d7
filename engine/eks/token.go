package eks

import (
	"strconv"
	"time"

	"stsplayground/engine/oidc"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// How AWS answers to tokens: the codes are documented, the texts are not.
var (
	errToken   = trace.Sender("InvalidTokenException", 400, sts.WordingUnknown("The specified Kubernetes service account token is invalid"))
	errExpired = trace.Sender("ExpiredTokenException", 400, sts.WordingUnknown("The specified Kubernetes service account token is expired"))
)

// identity is what a token says of the pod that has it.
type identity struct {
	namespace, serviceAccount, pod, podUID string
}

// checkToken verifies the token with the cluster's keys, and reads it.
func checkToken(w *trace.Walk, world *sts.World, c *cluster, presented sts.Presented, at time.Time) (id identity, ok bool) {
	claims, ok := verify(w, world, c, presented)
	if !ok {
		w.Skip("Nothing is read from a token that isn't proven.", ruleAudience, ruleExpiry, rulePod)
		return id, false
	}
	checkAudience(w, claims)
	checkExpiry(w, claims, at)
	return checkPod(w, presented.Token), w.Err == nil
}

// verify looks at form, issuer, key and signature, a part each.
func verify(w *trace.Walk, world *sts.World, c *cluster, presented sts.Presented) (claims oidc.Claims, ok bool) {
	rules, parts, t := oidc.Rules(), &trace.Walk{}, presented.Token
	refuse := func(r *oidc.Refusal) {
		parts.Fail(&r.Rule, nil, r.Expected, r.Found, r.Why)
		w.Fail(ruleToken, errToken, "a token that "+c.issuer+" signed", r.Found, r.Why).AsModelled().With(parts.Steps)
	}
	r := presented.Refusal
	if r == nil && !(presented.Unsigned && t.Algorithm == "") {
		r = t.CheckAlgorithm()
	}
	if r != nil {
		refuse(r)
		return claims, false
	}
	parts.Pass(&rules[0], "", "header.payload.signature", "")
	claims, refusals := t.Claims()
	if len(refusals) > 0 {
		refuse(&refusals[0])
		return claims, false
	}
	parts.Pass(&rules[2], "", "iss, sub, aud, exp and iat", "")
	entry := world.IssuerAt(claims.Issuer)
	switch {
	case claims.Issuer != c.issuer:
		w.Fail(ruleToken, errToken, "iss: "+c.issuer, "iss: "+source.Clip(claims.Issuer), "The token comes from another issuer than the cluster's: from another cluster, or from one of the same name that was deleted.").AsModelled().With(parts.Steps)
		return claims, false
	case presented.Unsigned, entry == nil, !entry.Given:
		w.Assume(ruleToken, "Nothing is at hand to check the token's signature with; what follows holds if it is good.")
		return claims, true
	}
	if r = entry.Refusal; r == nil {
		var key *oidc.Key
		if key, r = entry.Keys.Find(t); r == nil {
			parts.Pass(&rules[3], "", "kid "+t.KeyID, "")
			r = oidc.Verify(t, key)
		}
	}
	if r != nil {
		refuse(r)
		return claims, false
	}
	parts.Pass(&rules[4], "", "good", "")
	w.Pass(ruleToken, "a token that "+c.issuer+" signed", "sub "+claims.Subject, "EKS knows the cluster's keys itself: no OIDC provider in IAM is needed.").With(parts.Steps)
	return claims, true
}

func checkAudience(w *trace.Walk, claims oidc.Claims) {
	found := ""
	for _, a := range claims.Audience {
		if a == Service {
			w.Pass(ruleAudience, Service, a, "")
			return
		}
		found = a
	}
	w.Fail(ruleAudience, errToken, Service, source.Clip(found), "The token was made for another audience; a token of IAM roles for service accounts, for one, is meant for sts.amazonaws.com.").AsModelled()
}

// checkExpiry: no leeway is documented.
func checkExpiry(w *trace.Walk, claims oidc.Claims, at time.Time) {
	moment := func(seconds int64) string { return sts.Timestamp(time.Unix(seconds, 0)) }
	expected, found := "before "+moment(claims.Expires), sts.Timestamp(at)
	switch {
	case at.Unix() >= claims.Expires:
		w.Fail(ruleExpiry, errExpired, expected, found, "The token expired at "+moment(claims.Expires)+"; the kubelet renews the file, and a program has to read it anew.").AsModelled()
	case claims.HasNotBefore && at.Unix() < claims.NotBefore:
		w.Fail(ruleExpiry, errToken, "not before "+moment(claims.NotBefore), found, "The token isn't valid yet.").AsModelled()
	default:
		w.Pass(ruleExpiry, expected, found, "")
	}
}

// checkPod reads the claim kubernetes.io of a token that is bound to a pod.
func checkPod(w *trace.Walk, t *oidc.Token) (id identity) {
	k8s := t.Payload.Get("kubernetes.io")
	text := func(n *source.Node) string {
		if n == nil || n.Kind != source.String {
			return ""
		}
		return n.Text
	}
	id = identity{text(k8s.Get("namespace")), text(k8s.Get("serviceaccount").Get("name")), text(k8s.Get("pod").Get("name")), text(k8s.Get("pod").Get("uid"))}
	const expected = "kubernetes.io with namespace, serviceaccount and pod"
	if id.namespace == "" || id.serviceAccount == "" || id.pod == "" || id.podUID == "" {
		w.Fail(rulePod, errToken, expected, "not all of them", "The token isn't bound to a pod: its claim kubernetes.io lacks the namespace, or the service account's or the pod's name or uid.").AsModelled()
		return id
	}
	w.Pass(rulePod, expected, "pod "+id.pod+", service account "+id.namespace+"/"+id.serviceAccount, "")
	return id
}

// podToken describes the token that the kubelet puts into a pod.
func (c *cluster) podToken(p *scenario.Pod, audience string, seconds int64, at time.Time) scenario.Token {
	namespace, account := orDefault(p.Namespace), orDefault(p.ServiceAccount)
	named := func(kind, name string) string {
		return `{"name":` + quote(name) + `,"uid":"` + sts.UUID(kind, c.arn, c.issuer, namespace, name) + `"}`
	}
	now := strconv.FormatInt(at.Unix(), 10)
	claims, _ := source.ParseJSON(`{"sub":` + quote("system:serviceaccount:"+namespace+":"+account) + `,"aud":[` + quote(audience) +
		`],"exp":` + strconv.FormatInt(at.Unix()+seconds, 10) + `,"iat":` + now + `,"nbf":` + now +
		`,"kubernetes.io":{"namespace":` + quote(namespace) + `,"pod":` + named("pod", p.Name) + `,"serviceaccount":` + named("serviceaccount", account) + `}}`)
	return scenario.Token{Given: true, Mint: &scenario.Mint{Issuer: c.issuer, Claims: scenario.Document{Node: claims}, Path: p.Path}}
}

// quote is a JSON string.
func quote(s string) string {
	return string(source.AppendJSON(nil, &source.Node{Kind: source.String, Text: s}))
}
