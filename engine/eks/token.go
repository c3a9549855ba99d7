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
	rules := oidc.Rules()
	var parts []trace.Step
	pass := func(rule *trace.Rule, found string) {
		parts = append(parts, trace.Step{})
		rule.Fill(&parts[len(parts)-1], trace.Passed, "", found, "")
	}
	expected := "a token that " + c.issuer + " signed"
	refuse := func(r *oidc.Refusal) (oidc.Claims, bool) {
		wanted, found, why, _ := r.Words()
		parts = append(parts, trace.Step{})
		r.Rule.Fill(&parts[len(parts)-1], trace.Failed, wanted, found, why)
		w.Fail(ruleToken, errToken, expected, found, why).AsModelled().With(parts)
		return claims, false
	}
	t := presented.Token
	if r := presented.Refusal; r != nil {
		return refuse(r)
	}
	pass(&rules[0], "header.payload.signature")
	if r := t.CheckAlgorithm(); r != nil && !(presented.Unsigned && t.Algorithm == "") {
		return refuse(r)
	}
	claims, refusals := t.Claims()
	if len(refusals) > 0 {
		return refuse(&refusals[0])
	}
	pass(&rules[2], "iss, sub, aud, exp and iat")
	if claims.Issuer != c.issuer {
		w.Fail(ruleToken, errToken, "iss: "+c.issuer, "iss: "+source.Clip(claims.Issuer), "The token comes from another issuer than the cluster's: from another cluster, or from one of the same name that was deleted.").AsModelled().With(parts)
		return claims, false
	}
	entry := world.IssuerAt(claims.Issuer)
	switch {
	case presented.Unsigned, entry == nil, !entry.Given:
		w.Assume(ruleToken, "Nothing is at hand to check the token's signature with; what follows holds if it is good.")
		return claims, true
	case entry.Refusal != nil:
		return refuse(entry.Refusal)
	}
	key, r := entry.Keys.Find(t)
	if r != nil {
		return refuse(r)
	}
	pass(&rules[3], "kid "+t.KeyID)
	if r := oidc.Verify(t, key); r != nil {
		return refuse(r)
	}
	pass(&rules[4], "good")
	w.Pass(ruleToken, expected, "iss "+claims.Issuer+", sub "+claims.Subject, "EKS knows the cluster's keys itself: no OIDC provider in IAM is needed.").With(parts)
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
	named := func(kind, name string) source.Node {
		return object("name", text(name), "uid", text(uuid(kind, c.arn, c.issuer, namespace, name)))
	}
	claims := object(
		"sub", text("system:serviceaccount:"+namespace+":"+account),
		"aud", source.Node{Kind: source.Array, Items: []source.Node{text(audience)}},
		"exp", number(at.Unix()+seconds), "iat", number(at.Unix()), "nbf", number(at.Unix()),
		"kubernetes.io", object("namespace", text(namespace), "pod", named("pod", p.Name), "serviceaccount", named("serviceaccount", account)),
	)
	return scenario.Token{Given: true, Mint: &scenario.Mint{Issuer: c.issuer, Claims: scenario.Document{Node: claims}, Path: p.Path}}
}

// object is a JSON object of names and values in turn.
func object(pairs ...any) (n source.Node) {
	n.Kind = source.Object
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Members = append(n.Members, source.Member{Name: pairs[i].(string), Value: pairs[i+1].(source.Node)})
	}
	return n
}

func text(s string) source.Node { return source.Node{Kind: source.String, Text: s} }
func number(n int64) source.Node {
	return source.Node{Kind: source.Number, Text: strconv.FormatInt(n, 10)}
}
