package eks

import (
	"cmp"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Response is the response of AssumeRoleForPodIdentity.
type Response struct {
	AssumedRoleUser        AssumedRoleUser `json:"assumedRoleUser"`
	Audience               string          `json:"audience"`
	Credentials            Credentials     `json:"credentials"`
	PodIdentityAssociation Association     `json:"podIdentityAssociation"`
	Subject                Subject         `json:"subject"`
}

// AssumedRoleUser is the session; the API spells its id assumeRoleId.
type AssumedRoleUser struct {
	Arn          string `json:"arn"`
	AssumeRoleID string `json:"assumeRoleId"`
}

// Credentials are temporary; Expiration is in seconds since 1970.
type Credentials struct {
	AccessKeyID     string `json:"accessKeyId"`
	Expiration      int64  `json:"expiration"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
}

// Association names a Pod Identity association.
type Association struct {
	AssociationArn string `json:"associationArn"`
	AssociationID  string `json:"associationId"`
}

// Subject is the service account.
type Subject struct {
	Namespace      string `json:"namespace"`
	ServiceAccount string `json:"serviceAccount"`
}

// errAssume is seen in real answers, to a trust policy that refuses; that
// everything else that STS refuses is answered so is modelled.
var errAssume = trace.Sender("AccessDeniedException", 400, "Unauthorized Exception! EKS does not have permissions to assume the associated role.")

// How long sessions last, in seconds: the first is seen in CloudTrail's
// records, the second is what role chaining allows.
const duration, targetDuration = 6 * 3600, 3600

// AssumeRoleForPodIdentity walks one call: parameters, the caller's
// permission, cluster, token, association, the AssumeRole that EKS calls in
// turn, and that of the target role. AWS documents no order of the checks.
func AssumeRoleForPodIdentity(world *sts.World, s *scenario.Scenario, c *scenario.Call, presented sts.Presented, at time.Time) sts.Result {
	p := &podIdentity{Walk: &trace.Walk{}, world: world, call: c, at: at}
	checkParameters(p.Walk, c, presented)
	p.findCluster(s)
	p.checkPermission()
	var ok bool
	if p.cluster != nil {
		p.pod, ok = checkToken(p.Walk, world, p.cluster, presented, at)
	} else {
		p.Skip("There is no cluster whose token it could be.", ruleToken, ruleAudience, ruleExpiry, rulePod)
	}
	if ok {
		p.findAssociation()
	} else {
		p.Skip("Without a token that holds there is no service account to look up.", ruleAssociation)
	}
	if p.Err == nil {
		p.assume()
	} else {
		p.Skip("A check before this one failed.", ruleSession)
	}
	return p.finish(presented)
}

// podIdentity is one walk of AssumeRoleForPodIdentity.
type podIdentity struct {
	*trace.Walk
	world       *sts.World
	call        *scenario.Call
	at          time.Time
	cluster     *cluster
	pod         identity
	association *scenario.PodIdentityAssociation
	result      sts.Result // of what was asked last: the policies, the role, the target role
	inner       []sts.Inner
}

// checkParameters holds the request against the API's model.
func checkParameters(w *trace.Walk, c *scenario.Call, presented sts.Presented) {
	name := c.EKSAuth.ClusterName
	const expected = "clusterName of 1 to 100 characters [0-9A-Za-z][A-Za-z0-9\\-_]*, and a token"
	problem := ""
	switch {
	case name == "":
		problem = "clusterName is missing"
	case len(name) > 100 || strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) && r != '-' && r != '_' }) || !isNameRune(rune(name[0])):
		problem = "clusterName isn't of that form"
	case !c.EKSAuth.Token.Given || !presented.Unsigned && presented.Token != nil && presented.Token.Raw == "":
		problem = "token is missing"
	default:
		w.Pass(ruleParameters, expected, name, "")
		return
	}
	w.Fail(ruleParameters, trace.Sender("InvalidParameterException", 400, sts.WordingUnknown("The specified parameter is invalid")), expected, cmp.Or(name, "none"), "The request isn't well formed: "+problem+".").AsModelled()
}

func isNameRune(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// findCluster looks in the caller's account, and where nobody signs anywhere.
func (p *podIdentity) findCluster(s *scenario.Scenario) {
	name, account := p.call.EKSAuth.ClusterName, ""
	if caller, _ := p.world.CallerOf(p.call.Caller); caller != nil {
		account = caller.Account
	}
	p.cluster = find(s, account, name)
	if p.cluster != nil && p.call.Region != "" && p.call.Region != p.cluster.region {
		p.cluster = nil
	}
	if p.cluster == nil {
		why := "There is no cluster " + name + " in account " + cmp.Or(account, "of the caller") + " and the call's Region."
		if elsewhere := find(s, "", name); elsewhere != nil {
			why += " One of that name is " + elsewhere.arn + "."
		}
		p.Fail(ruleCluster, trace.Sender("ResourceNotFoundException", 404, sts.WordingUnknown("The specified resource could not be found")), "a cluster of that name", cmp.Or(name, "none"), why).AsModelled()
		return
	}
	p.Pass(ruleCluster, "a cluster of that name", p.cluster.arn, "")
}

// checkPermission asks the caller's policies for the action. Its parts are the
// steps of that question.
func (p *podIdentity) checkPermission() {
	const expected = "eks-auth:AssumeRoleForPodIdentity allowed on the cluster"
	switch {
	case p.cluster == nil:
		p.Skip("There is no cluster to ask for.", rulePermission)
		return
	case p.call.Caller == "":
		p.Fail(rulePermission, trace.Sender("MissingAuthenticationTokenException", 403, sts.WordingUnknown("Missing Authentication Token")), expected, "nobody signs the call", "The Pod Identity Agent signs the call with the node's credentials; the caller of this one is left out.").AsModelled()
		return
	}
	question := sts.Inside(p.call, p.call.Action, p.call.Caller, p.cluster.region, &scenario.Params{})
	question.Resource = p.cluster.arn
	r := p.world.Act(question, p.at)
	p.Assumed = append(p.Assumed, r.Assumed...)
	if r.Error == nil {
		p.Pass(rulePermission, expected, r.Caller+" may", "").With(r.Steps)
		return
	}
	p.result = r
	code, status := "AccessDeniedException", 400
	switch r.Error.Code {
	case "ExpiredToken":
		code, status = "ExpiredTokenException", 403
	case "InvalidClientTokenId":
		code, status = "UnrecognizedClientException", 403
	case "NoCredentials":
		code, status = r.Error.Code, r.Error.Status
	}
	step := p.Fail(rulePermission, &trace.Error{Code: code, Message: r.Error.Message, Status: status, Type: r.Error.Type}, expected, cmp.Or(r.Caller, p.call.Caller), r.Verdict).With(r.Steps)
	step.Modelled = code != "AccessDeniedException"
}

func (p *podIdentity) findAssociation() {
	id := p.pod
	expected := "an association for " + id.namespace + "/" + id.serviceAccount + " in " + p.cluster.Name
	if p.association = p.cluster.association(id.namespace, id.serviceAccount); p.association == nil {
		p.Fail(ruleAssociation, trace.Sender("ResourceNotFoundException", 404, sts.WordingUnknown("The specified resource could not be found")), expected, "none", p.cluster.whyNoAssociation(id.namespace, id.serviceAccount)).AsModelled()
		return
	}
	p.Pass(ruleAssociation, expected, p.association.RoleArn, "").Placed(&trace.At{Path: p.association.Path})
}

// assume plays the AssumeRole that EKS calls as itself, and the one that
// follows for a target role.
func (p *podIdentity) assume() {
	a, seconds := p.association, int64(duration)
	params := scenario.Params{RoleArn: a.RoleArn, RoleSessionName: p.sessionName(), DurationSeconds: &seconds}
	why := "EKS passes six tags, all transitive: they go along to the roles that the session assumes."
	if a.DisableSessionTags {
		why = "The association switches the session tags off."
	} else {
		params.Tags = p.tags()
		for _, tag := range params.Tags {
			params.TransitiveTagKeys = append(params.TransitiveTagKeys, tag.Key)
		}
	}
	if a.TargetRoleArn == "" {
		params.Policy = a.Policy
	}
	p.Pass(ruleSession, "eks-CLUSTER-POD-UUID", params.RoleSessionName, why+" That cluster and pod are cut to ten characters is seen in real sessions; that aws:SourceArn is the cluster's ARN isn't documented.").AsModelled()
	inner := sts.Inside(p.call, "sts:AssumeRole", "service/"+Service, p.cluster.region, &params)
	inner.Context = append([]scenario.ContextKey{{Key: "aws:SourceArn", Values: []string{p.cluster.arn}}, {Key: "aws:SourceAccount", Values: []string{p.cluster.account.ID}}}, p.call.Context...)
	r := p.ask(inner)
	p.Append(r.Steps, r.Error, r.Failed, r.Assumed)
	switch {
	case a.TargetRoleArn == "":
		p.Pass(ruleTarget, "a target role, if the association names one", "none", "")
	case r.Error != nil:
		p.Skip("The session that would assume the target role doesn't exist.", ruleTarget)
	default:
		p.assumeTarget(&params)
	}
}

// assumeTarget goes on with the first session's credentials. Its parts are the
// steps of that call.
func (p *podIdentity) assumeTarget(first *scenario.Params) {
	a, seconds := p.association, int64(targetDuration)
	params := scenario.Params{RoleArn: a.TargetRoleArn, RoleSessionName: first.RoleSessionName, DurationSeconds: &seconds, ExternalID: a.ExternalID, Policy: a.Policy}
	if params.ExternalID == "" && a.DisableSessionTags {
		params.ExternalID = strings.Join([]string{p.cluster.region, p.cluster.account.ID, p.cluster.Name, a.Namespace, a.ServiceAccount}, "/")
	}
	inner := sts.Inside(p.call, "sts:AssumeRole", p.call.Name, p.cluster.region, &params)
	for _, tag := range first.Tags {
		// The guide's trust policy of a target role asks for them so.
		inner.Context = append(inner.Context[:len(inner.Context):len(inner.Context)], scenario.ContextKey{Key: "aws:RequestTag/" + tag.Key, Values: []string{tag.Value}})
	}
	r := p.ask(inner)
	p.Assumed = append(p.Assumed, r.Assumed...)
	if r.Error != nil {
		p.world.Lend(p.call.Name, nil) // the first session is EKS's own
		p.Fail(ruleTarget, errAssume, a.TargetRoleArn+" assumed", r.Error.Message, r.Verdict).AsModelled().With(r.Steps)
		return
	}
	p.Pass(ruleTarget, a.TargetRoleArn+" assumed", r.Session.ARN, "The pod gets the target role's session; it is one of role chaining, and lasts an hour.").With(r.Steps)
}

// ask plays a call to STS.
func (p *podIdentity) ask(inner *scenario.Call) *sts.Result {
	r := p.world.AssumeRole(inner, p.at)
	p.inner = append(p.inner, sts.Inner{Call: inner, Result: &r})
	p.result = r
	return &r
}

// sessionName is made of what the API reference says, within the 64
// characters of RoleSessionName.
func (p *podIdentity) sessionName() string {
	cut := func(name string) string { runes := []rune(name); return string(runes[:min(len(runes), 10)]) }
	return "eks-" + cut(p.cluster.Name) + "-" + cut(p.pod.pod) + "-" + sts.UUID("session", p.call.Name, p.cluster.arn, p.pod.podUID, sts.Timestamp(p.at))
}

func (p *podIdentity) tags() []scenario.Tag {
	return []scenario.Tag{
		{Key: "eks-cluster-arn", Value: p.cluster.arn}, {Key: "eks-cluster-name", Value: p.cluster.Name},
		{Key: "kubernetes-namespace", Value: p.pod.namespace}, {Key: "kubernetes-service-account", Value: p.pod.serviceAccount},
		{Key: "kubernetes-pod-name", Value: p.pod.pod}, {Key: "kubernetes-pod-uid", Value: p.pod.podUID},
	}
}

// finish puts the answer together.
func (p *podIdentity) finish(presented sts.Presented) sts.Result {
	r := p.result
	r.Steps, r.Error, r.Failed, r.Assumed, r.Inner = p.Steps, p.Err, p.Failed, p.Assumed, p.inner
	r.Signer, r.Token = nil, p.world.ViewToken(presented.Token, p.at)
	if caller, _ := p.world.CallerOf(p.call.Caller); caller != nil && p.call.Caller != "" {
		region := p.call.Region
		if p.cluster != nil {
			region = p.cluster.region
		}
		r.Caller, r.Signer = caller.ARN, caller.Signer(p.call, sts.RegionOr(region))
	}
	if p.Err != nil {
		r.Response, r.Session = nil, nil
		if len(p.inner) > 0 {
			r.Error = errAssume
		}
		r.Verdict = p.refusal()
		return r
	}
	issued := r.Response.(*sts.AssumeRoleResponse)
	expires, _ := time.Parse(time.RFC3339, issued.Credentials.Expiration)
	arn, id := p.associationNames()
	r.Response = &Response{
		AssumedRoleUser: AssumedRoleUser{issued.AssumedRoleUser.Arn, issued.AssumedRoleUser.AssumedRoleId}, Audience: Service,
		Credentials:            Credentials{issued.Credentials.AccessKeyId, expires.Unix(), issued.Credentials.SecretAccessKey, issued.Credentials.SessionToken},
		PodIdentityAssociation: Association{arn, id}, Subject: Subject{p.pod.namespace, p.pod.serviceAccount},
	}
	r.Verdict = "The pod " + p.pod.pod + " has credentials of " + r.Session.ARN + " until " + issued.Credentials.Expiration + "."
	return r
}

// refusal is the first failed step's sentence, in EKS's words where STS
// refused.
func (p *podIdentity) refusal() string {
	if len(p.inner) > 0 {
		return "EKS can't assume the role for the pod. " + p.result.Verdict
	}
	return "EKS gives no credentials. " + trace.WhyFailed(p.Steps)
}

// associationNames are the association's ARN and id, made up where the
// scenario doesn't have them.
func (p *podIdentity) associationNames() (arn, id string) {
	a := p.association
	id = cmp.Or(a.AssociationID, "a-"+sts.Digits(17, "association", p.cluster.arn, a.Namespace, a.ServiceAccount))
	return cmp.Or(a.AssociationArn, strings.Replace(p.cluster.arn, ":cluster/", ":podidentityassociation/", 1)+"/"+id), id
}
