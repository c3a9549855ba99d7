package exchange

import (
	"strings"
	"time"

	"stsplayground/engine/source"
)

// records are the records of CloudTrail that a file of a bucket has, or what
// aws cloudtrail lookup-events prints, in which each is a string.
func records(n *source.Node) (all []piece) {
	for _, item := range items(first(n, "Records", "Events")) {
		if text := said(item, "CloudTrailEvent"); text != "" {
			root, err := source.ParseJSON(text)
			if err != nil {
				continue
			}
			item = &root
		}
		if hasAll(item, "eventName eventSource") && len(all) < mostRecords {
			all = append(all, piece{kind: aRecord, node: item})
		}
	}
	return all
}

// mostRecords is how many records are made calls.
const mostRecords = 50

// takeRecord makes the call of which a record of CloudTrail tells, with what
// the record knows (CloudTrail user guide, cloudtrail-event-reference-record-contents;
// IAM guide, cloudtrail-integration).
func (in *intake) takeRecord(n *source.Node) string {
	service, _, _ := strings.Cut(said(n, "eventSource"), ".")
	name := said(n, "eventName")
	code := said(n, "errorCode")
	in.what = "a CloudTrail record of " + source.Clip(service+":"+name)
	if code == "" {
		in.what += ", which AWS accepted"
	} else {
		in.what += ", which AWS refused with " + source.Clip(code)
	}
	call := object("name", str(in.freeName(name)), "action", str(service+":"+name))
	in.moment(call, said(n, "eventTime"))
	if region := said(n, "awsRegion"); region != "" && region != "us-east-1" {
		set(call, "region", str(region))
	}
	params := object()
	role := ""
	requested := n.Get("requestParameters")
	if service == "sts" {
		for _, param := range operationParameters(name) {
			value := given(requested.Get(lowered(param)))
			switch param {
			case "Tags":
				value = tagsOf(value)
			case "Policy":
				value = texted(word(value))
			case "PolicyArns", "TransitiveTagKeys":
				if !is(value, source.Array) {
					value = nil
				}
			}
			set(params, param, value)
		}
		role = said(params, "RoleArn")
		set(call, "params", params)
	}
	account := arnAccount(role)
	if account == "" {
		account = said(n, "recipientAccountId")
	}
	if !isAccount(account) {
		account = in.home
	}
	in.account(account)
	switch {
	case service == "sts" && name == withToken:
		in.recordedToken(n, call, params, account)
	case service == "sts" && name == withResponse:
		in.recordedProvider(word(params.Get("PrincipalArn")))
		in.note("the record doesn't have the SAML response; paste it")
	default:
		in.recordedCaller(n.Get("userIdentity"), call)
	}
	if service != "sts" {
		if arn := recordedResource(n); arn != "" {
			set(call, "resource", str(arn))
		} else {
			in.note("the record doesn't name the resource; write it into the call")
		}
	}
	expected := object("outcome", str("success"))
	if code != "" {
		expected = object("outcome", str("failure"))
		if !strings.Contains(code, ".") {
			set(expected, "code", str(code))
		}
	}
	set(call, "expect", expected)
	in.putCall(call)
	if owner, roleName := roleOf(role); owner != "" && find(in.root.Get("accounts").Get(owner).Get("Roles"), "RoleName", roleName) < 0 {
		entry := object("RoleName", str(roleName))
		if path := pathOf(role); path != "/" {
			set(entry, "Path", str(path))
		}
		in.account(owner)
		in.write(entry, "accounts", owner, "Roles", "-")
		in.note("role ", source.Clip(roleName), " is put in without its policies; paste what aws iam get-role --role-name ", source.Clip(roleName), " prints")
	}
	if code != "" {
		in.explain = code + " when calling the " + name + " operation: " + said(n, "errorMessage")
	}
	in.asks = true
	in.look("result")
	return ""
}

// putCall puts a call behind the others, or in the place of an empty
// scenario's only one; of several, the first is the one to look at.
func (in *intake) putCall(call *source.Node) {
	calls := in.list("calls")
	at := len(calls)
	if at == 1 && tokenless(calls[0]) {
		at = 0
		in.write(call, "calls", "0")
	} else {
		in.write(call, "calls", "-")
	}
	if in.recordsAt < 0 {
		in.recordsAt = at
	}
	in.call = in.recordsAt
}

// moment says when a recorded call was made: in an empty scenario that is its
// time, else so long after it. A scenario's time goes back where it has to.
func (in *intake) moment(call *source.Node, at string) {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return
	}
	calls := in.list("calls")
	empty := len(calls) == 0 || len(calls) == 1 && tokenless(calls[0])
	now, fixed := time.Parse(time.RFC3339, said(in.root, "now"))
	switch {
	case empty:
		in.write(str(at), "now")
	case fixed == nil && !when.Before(now) && when.Sub(now) < 10*365*24*time.Hour:
		if after := when.Sub(now); after > 0 {
			set(call, "after", str(after.String()))
		}
	default:
		in.write(str(at), "now")
		in.note("the scenario's time is now ", at, ", that of the record; other calls are made then too")
	}
}

// recordedToken is what a record of AssumeRoleWithWebIdentity knows of the
// token: whose it was, of whom it spoke and for whom it was.
func (in *intake) recordedToken(n, call, params *source.Node, account string) {
	identity := n.Get("userIdentity")
	_, bare, ok := strings.Cut(said(identity, "identityProvider"), ":oidc-provider/")
	sub, aud := said(identity, "userName"), said(n.Get("responseElements"), "audience")
	principal := said(identity, "principalId")
	if _, rest, found := strings.Cut(principal, ":oidc-provider/"); found {
		if bare == "" {
			bare, rest, _ = strings.Cut(rest, ":")
		} else {
			rest = strings.TrimPrefix(strings.TrimPrefix(rest, bare), ":")
		}
		if before, found := strings.CutSuffix(rest, ":"+sub); found && aud == "" && sub != "" {
			aud = before
		}
		ok = true
	}
	if provider := said(identity, "identityProvider"); !ok && provider != "" && !strings.HasPrefix(provider, "arn:") {
		bare, ok = provider, true
	}
	if subject := said(n.Get("responseElements"), "subjectFromWebIdentityToken"); subject != "" {
		sub = subject
	}
	if !ok || bare == "" {
		in.note("the record doesn't say whose token it was; paste the token")
		return
	}
	iss := "https://" + bare
	claims := object("iss", str(iss), "sub", texted(sub), "aud", texted(aud))
	if when, err := time.Parse(time.RFC3339, said(n, "eventTime")); err == nil {
		number := func(moment time.Time) *source.Node {
			return &source.Node{Kind: source.Number, Text: itoa(int(moment.Unix()))}
		}
		set(claims, "iat", number(when))
		set(claims, "exp", number(when.Add(5*time.Minute)))
		in.note("the record has of the token only its issuer, sub and aud; its times are assumed, and its signature is taken on trust")
	}
	if aud == "" {
		in.note("the record doesn't say for whom the token was; add its aud")
	}
	set(params, "WebIdentityToken", object("unsigned", object("header", object("alg", str("RS256")), "claims", claims)))
	if params.Get("RoleSessionName") == nil {
		set(params, "RoleSessionName", str("session"))
	}
	set(call, "params", params)
	if _, aws := builtIn[iss]; !aws && find(in.root.Get("accounts").Get(account).Get("OpenIDConnectProviders"), "Url", iss) < 0 && unregistrable(iss) == "" {
		var clients []string
		if aud != "" {
			clients = []string{aud}
		}
		in.register(account, iss, clients)
	}
}

// recordedProvider registers a SAML provider that a record names.
func (in *intake) recordedProvider(arn string) {
	account := arnAccount(arn)
	_, name, ok := strings.Cut(arn, ":saml-provider/")
	if !ok || account == "" || find(in.root.Get("accounts").Get(account).Get("SAMLProviders"), "Name", name) >= 0 {
		return
	}
	in.account(account)
	in.write(object("Name", str(name)), "accounts", account, "SAMLProviders", "-")
	in.note("proposed: a SAML provider ", source.Clip(name), " in account ", account, ", without its metadata")
}

// recordedCaller is who made a call: a user or a role, which is put in.
func (in *intake) recordedCaller(identity, call *source.Node) {
	arn := said(identity, "arn")
	if issuer := said(identity.Get("sessionContext").Get("sessionIssuer"), "arn"); said(identity, "type") == "AssumedRole" && issuer != "" {
		arn = issuer
	}
	service := said(identity, "invokedBy")
	switch account := arnAccount(arn); {
	case said(identity, "type") == "AWSService" && service != "":
		set(call, "caller", str("service/"+service))
	case account == "":
		in.note("the record doesn't say which principal of account ", source.Clip(said(identity, "accountId")), " called; write it into the call")
		return
	case strings.Contains(arn, ":user/"), strings.Contains(arn, ":role/"):
		set(call, "caller", str(arn))
		place, id, cut := "Users", "UserName", ":user/"
		if strings.Contains(arn, ":role/") {
			place, id, cut = "Roles", "RoleName", ":role/"
		}
		_, rest, _ := strings.Cut(arn, cut)
		name := rest[strings.LastIndexByte(rest, '/')+1:]
		if name != "" && find(in.root.Get("accounts").Get(account).Get(place), id, name) < 0 {
			in.account(account)
			entry := object(id, str(name))
			if path := "/" + rest[:len(rest)-len(name)]; path != "/" {
				set(entry, "Path", str(path))
			}
			in.write(entry, "accounts", account, place, "-")
			in.note(source.Clip(name), ", who called, is put in without any policies")
		}
	case strings.HasSuffix(arn, ":root"):
		set(call, "caller", str(arn))
	default:
		in.note("the caller was ", source.Clip(arn), "; write into the call whose credentials those were")
	}
}

// recordedResource is the resource that a record names.
func recordedResource(n *source.Node) string {
	best := ""
	for _, item := range items(n.Get("resources")) {
		if arn := word(first(item, "ARN", "arn")); len(arn) > len(best) {
			best = arn
		}
	}
	if bucket := said(n.Get("requestParameters"), "bucketName"); best == "" && bucket != "" {
		best = "arn:aws:s3:::" + bucket
		if key := said(n.Get("requestParameters"), "key"); key != "" {
			best += "/" + key
		}
	}
	return best
}

// lowered is the name that CloudTrail has for a parameter.
func lowered(param string) string {
	if param == "SAMLAssertion" {
		return "sAMLAssertion"
	}
	return strings.ToLower(param[:1]) + param[1:]
}

// tagsOf are tags as CloudTrail writes them, as a call has them.
func tagsOf(n *source.Node) *source.Node {
	all := list()
	for _, item := range items(n) {
		if key := word(first(item, "key", "Key")); key != "" {
			add(all, object("Key", str(key), "Value", str(word(first(item, "value", "Value")))))
		}
	}
	if len(all.Items) == 0 {
		return nil
	}
	return all
}

// isOutcome says whether a document is what a call of STS printed that gave
// credentials.
func isOutcome(n *source.Node) bool {
	return is(n.Get("Credentials"), source.Object) && n.Get("Credentials").Get("AccessKeyId") != nil
}

// takeOutcome takes what aws sts printed for the call that it answered. The
// credentials in it are left out: they are real.
func (in *intake) takeOutcome(p *piece) string {
	n := p.node
	operation := "GetSessionToken"
	switch {
	case n.Get("SubjectFromWebIdentityToken") != nil:
		operation = withToken
	case n.Get("NameQualifier") != nil || n.Get("SubjectType") != nil:
		operation = withResponse
	case n.Get("AssumedRoleUser") != nil:
		operation = "AssumeRole"
	case n.Get("FederatedUser") != nil:
		operation = "GetFederationToken"
	}
	in.what = "the output of aws sts " + kebab(operation) + ", which AWS accepted"
	in.note("the credentials in it are left out: keep them to yourself")
	params := object()
	session := said(n.Get("AssumedRoleUser"), "Arn")
	account := arnAccount(session)
	if account == "" {
		account = in.home
	}
	in.account(account)
	if _, rest, ok := strings.Cut(session, ":assumed-role/"); ok {
		role, name, _ := strings.Cut(rest, "/")
		arn := "arn:aws:iam::" + account + ":role/" + role
		roles := in.root.Get("accounts").Get(account).Get("Roles")
		if at := find(roles, "RoleName", role); at >= 0 {
			arn = arnOf(partOf("Roles", ""), account, items(roles)[at])
		} else {
			in.write(object("RoleName", str(role)), "accounts", account, "Roles", "-")
			in.note("role ", source.Clip(role), " is put in without its policies or its path; paste what aws iam get-role --role-name ", source.Clip(role), " prints")
		}
		set(params, "RoleArn", str(arn))
		if operation != withResponse {
			set(params, "RoleSessionName", str(name))
		}
	}
	if _, name, ok := strings.Cut(said(n.Get("FederatedUser"), "Arn"), ":federated-user/"); ok {
		set(params, "Name", str(name))
	}
	if operation == withToken {
		in.outcomeToken(n, params, account)
	}
	if operation == withResponse {
		in.note("it doesn't have the SAML response; paste it")
	}
	in.makeCall(operation, params)
	in.write(object("outcome", str("success")), "calls", itoa(in.call), "expect")
	in.asks = true
	return ""
}

// outcomeToken is what the answer of AssumeRoleWithWebIdentity knows of the
// token.
func (in *intake) outcomeToken(n, params *source.Node, account string) {
	iss := said(n, "Provider")
	if _, bare, ok := strings.Cut(iss, ":oidc-provider/"); ok {
		iss = "https://" + bare
	}
	if iss == "" {
		in.note("it doesn't say whose token it was; paste the token")
		return
	}
	if !strings.Contains(iss, "://") {
		iss = "https://" + iss
	}
	aud := said(n, "Audience")
	claims := object("sub", str(said(n, "SubjectFromWebIdentityToken")), "aud", texted(aud))
	in.playgroundKeys(iss)
	set(params, "WebIdentityToken", object("mint", object("issuer", str(iss), "claims", claims)))
	in.note("a token with its issuer, sub and aud is minted here in the place of the one that was sent")
	if _, aws := builtIn[iss]; !aws && find(in.root.Get("accounts").Get(account).Get("OpenIDConnectProviders"), "Url", iss) < 0 && unregistrable(iss) == "" {
		in.register(account, iss, clientIDs(claims))
	}
}
