package eks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/ec2"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// chain is one search for credentials in a pod, as AWS's SDKs make it: access
// keys in the environment, a web identity, the container's credentials, the
// instance's (AWS SDKs and Tools Reference Guide, "Understand the credential
// provider chain"). A provider that isn't configured is passed over; one that
// is configured and fails ends the search, unless the SDK goes on.
type chain struct {
	*trace.Walk
	world   *sts.World
	s       *scenario.Scenario
	call    *scenario.Call
	present func(*scenario.Token) sts.Presented
	made    time.Time // when what is presented is minted
	at      time.Time
	cluster *cluster
	pod     *scenario.Pod
	account *scenario.ServiceAccount // nil where the cluster has none of that name
	result  sts.Result
	inner   []sts.Inner
	done    bool
}

// GetCredentials walks one search. present mints a token; made is when.
func GetCredentials(world *sts.World, s *scenario.Scenario, c *scenario.Call, present func(*scenario.Token) sts.Presented, made, at time.Time) sts.Result {
	k := &chain{Walk: &trace.Walk{}, world: world, s: s, call: c, present: present, made: made, at: at}
	if !k.find() {
		k.Skip("There is no pod.", ruleAccessKey, ruleWebIdentity, ruleContainer, ruleMetadata)
		return k.finish()
	}
	for _, provider := range []struct {
		rule *trace.Rule
		play func()
	}{{ruleAccessKey, k.accessKey}, {ruleWebIdentity, k.webIdentity}, {ruleContainer, k.container}, {ruleMetadata, k.metadata}} {
		if k.done {
			k.Skip("The search ended before it.", provider.rule)
			continue
		}
		provider.play()
	}
	return k.finish()
}

func (k *chain) find() bool {
	p := &k.call.Workload
	namespace := orDefault(p.Namespace)
	k.cluster = find(k.s, "", p.Cluster)
	if k.cluster == nil {
		k.Fail(ruleFound, errNoPod, "a cluster of that name", p.Cluster, "No account of the scenario has the cluster "+p.Cluster+".")
		return false
	}
	if k.pod = k.cluster.pod(namespace, p.Pod); k.pod == nil {
		k.Fail(ruleFound, errNoPod, "a pod of that name in the namespace "+namespace, p.Pod, "The cluster "+p.Cluster+" has no pod "+p.Pod+" in the namespace "+namespace+"."+k.elsewhere(p.Pod))
		return false
	}
	account := orDefault(k.pod.ServiceAccount)
	k.account = k.cluster.serviceAccount(namespace, account)
	found := "service account " + namespace + "/" + account
	if k.account == nil {
		found += ", which the scenario doesn't describe further"
	}
	k.Pass(ruleFound, "a pod of that name", found, "")
	return true
}

// elsewhere is in which other namespace the cluster has the pod; it begins
// with a space.
func (k *chain) elsewhere(pod string) string {
	for i := range k.cluster.Pods {
		if p := &k.cluster.Pods[i]; p.Name == pod {
			return " There is one in " + orDefault(p.Namespace) + "."
		}
	}
	return ""
}

var errNoPod = trace.Playground("NoSuchPod", "The scenario has no such pod.")

// given is what was put into the pod when it was created: by the cluster's
// webhook, for which an association goes before an annotation ("Container
// credentials method takes precedence", amazon-eks-pod-identity-webhook).
func (k *chain) given() string {
	switch {
	case k.pod.Injected != "":
		return k.pod.Injected
	case k.cluster.association(orDefault(k.pod.Namespace), orDefault(k.pod.ServiceAccount)) != nil:
		return "pod-identity"
	case k.account != nil && k.account.RoleArn != "":
		return "web-identity"
	}
	return "none"
}

// AccessKey is what the environment has; its secret is left out.
type AccessKey struct {
	AccessKeyID string `json:"AccessKeyId"`
}

func (k *chain) accessKey() {
	const expected = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, if they are to be used"
	if k.pod.AccessKeyOf == "" {
		k.Pass(ruleAccessKey, expected, "neither", "The search goes on.")
		return
	}
	user, why := k.world.CallerOf(k.pod.AccessKeyOf)
	if user == nil || user.Signer(k.call, "") == nil {
		k.Fail(ruleAccessKey, trace.Sender("InvalidClientTokenId", 403, "The security token included in the request is invalid."), expected, k.pod.AccessKeyOf, why)
		k.done = true
		return
	}
	k.world.Lend(k.call.Name, user)
	k.done = true
	k.result.Response = &AccessKey{user.Signer(k.call, k.region()).AccessKeyID}
	k.result.Verdict = "The pod uses the access key of " + user.ARN + ", whatever role was meant for it."
	k.Warn(ruleAccessKey, "no access keys, where the pod is to use a role", "those of "+user.ARN, "Access keys in the environment come before every role, and don't expire. Whatever role was meant for the pod isn't looked for.")
}

// webIdentity is IAM roles for service accounts: the SDK presents the token
// that the kubelet put into the pod.
func (k *chain) webIdentity() {
	const expected = "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE"
	if k.given() != "web-identity" {
		k.Pass(ruleWebIdentity, expected, "neither", k.whyNoWebIdentity())
		return
	}
	a := k.account
	if a == nil || a.RoleArn == "" {
		a = &scenario.ServiceAccount{}
	}
	lifetime := a.TokenExpiration
	if lifetime <= 0 {
		lifetime = 86400
	}
	token := k.cluster.podToken(k.pod, cmp.Or(a.Audience, "sts.amazonaws.com"), lifetime, k.made)
	inner := sts.Inside(k.call, "sts:AssumeRoleWithWebIdentity", "", k.region(), &scenario.Params{RoleArn: a.RoleArn, RoleSessionName: fmt.Sprintf("botocore-session-%d", k.at.Unix()), WebIdentityToken: token})
	r := k.world.AssumeRoleWithWebIdentity(inner, k.present(&token), k.at)
	k.inner = append(k.inner, sts.Inner{Call: inner, Result: &r})
	k.take(ruleWebIdentity, expected, "role "+cmp.Or(a.RoleArn, "none")+", token of "+k.cluster.issuer, r, "The SDK presents the pod's token to STS itself.")
}

func (k *chain) whyNoWebIdentity() string {
	switch {
	case k.given() == "pod-identity":
		return "The service account has an association, so the cluster gave the pod the agent's address in place of a role and token. The search goes on."
	case k.account == nil:
		return "The scenario describes no such service account, so nothing is known to be given. The search goes on."
	case k.account.RoleArn == "":
		return "The service account has no annotation eks.amazonaws.com/role-arn. The search goes on."
	}
	return "The service account is annotated, and the pod was created without the two variables: before the annotation, for one. Create it anew. The search goes on."
}

// container is EKS Pod Identity: the SDK asks the agent on the node, which
// calls EKS with the node's credentials.
func (k *chain) container() {
	const expected = "AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
	if k.given() != "pod-identity" {
		k.Pass(ruleContainer, expected, "neither", "The pod wasn't given the agent's address. The search goes on.")
		return
	}
	if runs := k.cluster.PodIdentity; runs != nil && !*runs {
		err := trace.Playground("NoAnswer", "Nothing answers at "+agent+".")
		k.take(ruleContainer, expected, "no agent answers", sts.Result{Error: err, Failed: ruleContainer.Code, Verdict: "The EKS Pod Identity Agent doesn't run on the node; install the add-on eks-pod-identity-agent."}, "")
		return
	}
	signer, node := k.nodeCredentials()
	if node.Error != nil {
		k.take(ruleContainer, expected, agent, node, "The SDK asks the agent on the node.")
		return
	}
	token := k.cluster.podToken(k.pod, Service, 86400, k.made)
	inner := sts.Inside(k.call, "eks-auth:AssumeRoleForPodIdentity", signer, k.cluster.region, &scenario.Params{})
	inner.EKSAuth = scenario.EKSAuthParams{ClusterName: k.cluster.Name, Token: token}
	r := AssumeRoleForPodIdentity(k.world, k.s, inner, k.present(&token), k.at)
	k.inner = append(append(append(k.inner, node.Inner...), sts.Inner{Call: inner, Result: &r}), r.Inner...)
	all := r
	all.Steps = append(node.Steps, r.Steps...)
	k.take(ruleContainer, expected, agent, all, "The SDK asks the agent on the node, and the agent EKS.")
}

// agent is where the EKS Pod Identity Agent listens.
const agent = "http://169.254.170.23/v1/credentials"

// nodeCredentials are those that the agent signs with: of the node's role. The
// result has one step, with what the metadata service did in it.
func (k *chain) nodeCredentials() (signer string, result sts.Result) {
	const expected = "credentials of the node's role"
	w := &trace.Walk{}
	if k.pod.Node == "" {
		err := trace.Playground("NoSuchInstance", "The scenario doesn't say which instance the pod runs on.")
		w.Fail(ruleNode, err, expected, "no node", "The scenario doesn't say which instance the pod runs on, so the agent has no credentials to call EKS with; set the pod's node.")
		return "", sts.Result{Error: err, Failed: w.Failed, Steps: w.Steps}
	}
	signer = k.call.Name + "\x00node" // no call of the scenario is named so
	r := k.askNode(signer, true, 1)
	if r.Error != nil {
		w.Fail(ruleNode, r.Error, expected, r.Error.Message, r.Verdict).With(r.Steps)
	} else {
		w.Pass(ruleNode, expected, r.Session.ARN, "").With(r.Steps)
	}
	return signer, sts.Result{Error: r.Error, Failed: w.Failed, Steps: w.Steps, Inner: r.Inner, Verdict: r.Verdict}
}

// metadata is the last resort: the node's own role.
func (k *chain) metadata() {
	const expected = "credentials meant for the pod, found before"
	if k.pod.Node == "" {
		k.done = true
		k.Fail(ruleMetadata, errNoCredentials, expected, "no node, so no metadata service", "Nothing gives the pod credentials, and the scenario doesn't say which instance it runs on.")
		return
	}
	hops := 2
	if k.pod.HostNetwork {
		hops = 1
	}
	r := k.askNode(k.call.Name, true, hops)
	note := ""
	if r.Failed == "instance/hop-limit" {
		// Only version 2 has the limit; some SDKs fall back to version 1.
		if again := k.askNode(k.call.Name, false, hops); again.Failed != "instance/metadata-version" {
			r, note = again, " The token of version 2 doesn't reach the pod, and the SDK falls back to version 1, which HttpTokens: optional still allows; not every SDK does."
		}
	}
	k.done = true
	k.inner = append(k.inner, r.Inner...)
	if r.Error != nil {
		k.Fail(ruleMetadata, errNoCredentials, "credentials from somewhere", r.Error.Message, "Nothing gives the pod credentials. The node's metadata service is asked last, and gives none: "+strings.TrimPrefix(r.Verdict, "No credentials. ")).With(r.Steps)
		return
	}
	step := k.Warn(ruleMetadata, expected, r.Session.ARN, "The pod silently uses the node's role, with all that the node may do, and so does every other pod there that finds nothing better."+note)
	step.Modelled = note != ""
	k.Append(r.Steps, nil, "", r.Assumed)
	k.result = r
	k.result.Verdict = "The pod silently uses the node's role: it is " + r.Session.ARN + ", and not a role of its own."
}

// errNoCredentials is what botocore says.
var errNoCredentials = trace.Playground("NoCredentials", "Unable to locate credentials")

// askNode asks the metadata service of the pod's node.
func (k *chain) askNode(name string, version2 bool, hops int) sts.Result {
	c := sts.Inside(k.call, "imds:GetSecurityCredentials", "", k.region(), &scenario.Params{})
	c.Name, c.Metadata = name, scenario.MetadataParams{InstanceID: k.pod.Node, Token: &version2, Hops: &hops}
	return ec2.GetSecurityCredentials(k.world, k.s, c, k.at)
}

func (k *chain) region() string { return cmp.Or(k.call.Region, k.cluster.region) }

// take ends the search with what a provider gave, or, where it failed and the
// SDK goes on, notes the failure. What the provider did stands after its step,
// or in it.
func (k *chain) take(rule *trace.Rule, expected, found string, r sts.Result, why string) {
	if r.Error != nil && k.call.Workload.OnFailure == "continue" {
		k.Warn(rule, expected, found, "It fails, with "+r.Error.Code+", and this SDK goes on to the next: "+r.Verdict).With(r.Steps)
		return
	}
	k.done = true
	k.result = r
	if len(r.Steps) == 0 { // nobody answered
		k.Fail(rule, r.Error, expected, found, r.Verdict)
		return
	}
	k.Pass(rule, expected, found, why)
	k.Append(r.Steps, r.Error, r.Failed, r.Assumed)
}

func (k *chain) finish() sts.Result {
	r := k.result
	r.Steps, r.Failed, r.Error, r.Inner = k.Steps, k.Failed, k.Err, k.inner
	if len(k.Assumed) > 0 {
		r.Assumed = slices.Compact(slices.Clone(k.Assumed))
	}
	if r.Error != nil && r.Verdict == "" {
		r.Verdict = "No credentials. " + trace.WhyFailed(r.Steps)
	}
	return r
}
