package engine_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
)

// poolsWorld is a world with identity pools: POOL is replaced by fields of the
// first one's, CALLS by the calls.
const poolsWorld = `
now: "2026-04-28T10:30:00Z"
issuers: [{url: "https://login.example.com", signing: [{kid: a, alg: RS256}]}, {url: "https://other.example.com", signing: [{kid: b, alg: ES256}]}]
accounts:
  "123456789012":
    OpenIDConnectProviders: [{Url: "https://login.example.com", ClientIDList: [app]}, {Url: "https://other.example.com", ClientIDList: [app]}]
    IdentityPools:
      - IdentityPoolId: us-east-1:aaaaaaaa-0000-0000-0000-000000000000
        AllowUnauthenticatedIdentities: true
        OpenIdConnectProviderARNs: ["arn:aws:iam::123456789012:oidc-provider/login.example.com", "arn:aws:iam::123456789012:oidc-provider/other.example.com"]
        SupportedLoginProviders: {graph.facebook.com: "7346241598935555"}
        Roles: {authenticated: "arn:aws:iam::123456789012:role/in", unauthenticated: "arn:aws:iam::123456789012:role/in"}
        POOL
    Roles:
      - RoleName: in
        AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"], Condition: {StringEquals: {"cognito-identity.amazonaws.com:aud": "us-east-1:aaaaaaaa-0000-0000-0000-000000000000"} CONDITION}}]}
        Policies: [{PolicyName: all, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
calls:
CALLS`

// poolLogin is the logins entry of a user of a provider.
func poolLogin(provider, user string) string {
	return `"` + provider + `": {mint: {issuer: "https://` + provider + `", claims: {sub: ` + user + `, aud: app}}}`
}

// askCognito is a call by its operation, parameters and whatever else it has.
func askCognito(name, operation, params string, more ...string) string {
	return "  - {name: " + name + ", action: \"cognito-identity:" + operation + "\", params: {" + params + "}" + strings.Join(append([]string{""}, more...), ", ") + "}\n"
}

func atPools(t *testing.T, pool string, calls ...string) []engine.CallReport {
	t.Helper()
	return inPools(t, pool, "", calls...)
}

func inPools(t *testing.T, pool, condition string, calls ...string) []engine.CallReport {
	t.Helper()
	text := strings.NewReplacer("POOL", pool, "CONDITION", condition, "CALLS", strings.Join(calls, "")).Replace(poolsWorld)
	return engine.Run(decode(t, text)).Calls
}

const poolID = `IdentityPoolId: "us-east-1:aaaaaaaa-0000-0000-0000-000000000000"`

func identityIn(t *testing.T, c engine.CallReport) string {
	t.Helper()
	text, err := json.Marshal(c.Response)
	var response struct{ IdentityId string }
	if err != nil || json.Unmarshal(text, &response) != nil || response.IdentityId == "" {
		t.Fatalf("%s: got the response %s (%s), want one with an identity", c.Name, text, c.Verdict)
	}
	return response.IdentityId
}

func TestTheSameLoginIsTheSameIdentity(t *testing.T) {
	calls := atPools(t, "",
		askCognito("one", "GetId", poolID+", Logins: {"+poolLogin("login.example.com", "ann")+"}"),
		askCognito("two", "GetId", poolID+", Logins: {"+poolLogin("login.example.com", "ann")+"}"),
		askCognito("another", "GetId", poolID+", Logins: {"+poolLogin("login.example.com", "bob")+"}"),
		askCognito("elsewhere", "GetId", poolID+", Logins: {"+poolLogin("other.example.com", "ann")+"}"),
		askCognito("guest", "GetId", poolID),
		askCognito("guest again", "GetId", poolID),
		askCognito("straight", "GetCredentialsForIdentity", "Logins: {"+poolLogin("login.example.com", "ann")+"}"))
	ids := make([]string, len(calls))
	for i, c := range calls {
		ids[i] = identityIn(t, c)
	}
	if ids[0] != ids[1] || ids[0] != ids[6] {
		t.Errorf("got %s, %s and %s for one login, want one identity", ids[0], ids[1], ids[6])
	}
	slices.Sort(ids)
	if got := len(slices.Compact(ids)); got != 5 {
		t.Errorf("got %d identities, want 5", got)
	}
}

func TestLoginsAreLinkedAndIdentitiesMerged(t *testing.T) {
	both := "{" + poolLogin("login.example.com", "ann") + ", " + poolLogin("other.example.com", "ann") + "}"
	calls := atPools(t, "",
		askCognito("guest", "GetId", poolID),
		askCognito("signs in", "GetCredentialsForIdentity", "IdentityId: {from: guest}, Logins: {"+poolLogin("login.example.com", "ann")+"}"),
		askCognito("links", "GetCredentialsForIdentity", "IdentityId: {from: guest}, Logins: "+both),
		askCognito("by the second", "GetId", poolID+", Logins: {"+poolLogin("other.example.com", "ann")+"}"),
		askCognito("second guest", "GetId", poolID),
		askCognito("merges", "GetOpenIdToken", "IdentityId: {from: second guest}, Logins: {"+poolLogin("other.example.com", "ann")+"}"),
		askCognito("without logins", "GetCredentialsForIdentity", "IdentityId: {from: guest}"),
		askCognito("somebody else's", "GetCredentialsForIdentity", "IdentityId: {from: guest}, Logins: {"+poolLogin("other.example.com", "eve")+"}"),
		askCognito("two of a provider", "GetCredentialsForIdentity", "IdentityId: {from: guest}, Logins: {"+poolLogin("login.example.com", "ann")+", "+poolLogin("other.example.com", "eve")+"}"))
	id := identityIn(t, calls[0])
	for _, i := range []int{1, 2, 3, 5} {
		if got := identityIn(t, calls[i]); got != id {
			t.Errorf("%s: got %s, want the guest's, %s", calls[i].Name, got, id)
		}
	}
	for i, want := range map[int]string{6: "Access to Identity '" + id + "' is forbidden.", 7: "Logins don't match. Please include at least one valid login for this identity or identity pool."} {
		if e := calls[i].Error; e == nil || e.Code != "NotAuthorizedException" || e.Message != want {
			t.Errorf("%s: got %+v, want %s", calls[i].Name, e, want)
		}
	}
	if e := calls[8].Error; e == nil || e.Code != "ResourceConflictException" {
		t.Errorf("%s: got %+v, want a conflict", calls[8].Name, e)
	}
}

func TestACallNamesAnIdentity(t *testing.T) {
	older := `IdentityId: "us-east-1:12345678-0000-0000-0000-000000000000"`
	calls := atPools(t, "",
		askCognito("an older one", "GetCredentialsForIdentity", older),
		askCognito("it has a login now", "GetCredentialsForIdentity", older+", Logins: {"+poolLogin("login.example.com", "ann")+"}"),
		askCognito("the login leads to it", "GetId", poolID+", Logins: {"+poolLogin("login.example.com", "ann")+"}"),
		askCognito("of another Region", "GetCredentialsForIdentity", `IdentityId: "eu-west-1:12345678-0000-0000-0000-000000000000"`),
		askCognito("no id at all", "GetCredentialsForIdentity", "IdentityId: nobody"),
		askCognito("what a failed call gave", "GetCredentialsForIdentity", "IdentityId: {from: no id at all}"))
	for i := range 3 {
		if got := identityIn(t, calls[i]); got != "us-east-1:12345678-0000-0000-0000-000000000000" {
			t.Errorf("%s: got %s, want the older identity", calls[i].Name, got)
		}
	}
	for i, want := range map[int]string{3: "ResourceNotFoundException", 4: "ValidationException", 5: "ResourceNotFoundException"} {
		if e := calls[i].Error; e == nil || e.Code != want {
			t.Errorf("%s: got %+v, want %s", calls[i].Name, e, want)
		}
	}
}

func TestAnAccessTokenIsTakenOnTrust(t *testing.T) {
	calls := atPools(t, "",
		askCognito("facebook", "GetCredentialsForIdentity", `Logins: {graph.facebook.com: EAACEdEose0cBA}`),
		"  - {name: asks, action: \"s3:GetObject\", caller: facebook, resource: \"arn:aws:s3:::b/k\"}\n")
	for _, c := range calls {
		if c.Outcome != "success" || !slices.Equal(c.Assumed, []string{"cognito/login-token"}) {
			t.Errorf("%s: got %s, assumed %q, want a success that rests on the login", c.Name, c.Verdict, c.Assumed)
		}
	}
}

func TestTheTokenOfCognitoSaysHowTheUserSignedIn(t *testing.T) {
	const arn = "arn:aws:iam::123456789012:oidc-provider/login.example.com"
	calls := atPools(t, "PrincipalTagAttributeMaps: [{IdentityProviderName: \""+arn+"\", UseDefaults: true}]",
		askCognito("guest", "GetOpenIdToken", ""),
		askCognito("signed in", "GetCredentialsForIdentity", "Logins: {"+poolLogin("login.example.com", "ann")+"}"))
	amr := func(c engine.CallReport) string {
		for _, claim := range c.Token.Claims {
			if claim.Name == "amr" {
				return strings.Join(strings.Fields(claim.Value), "")
			}
		}
		return ""
	}
	if got := amr(calls[0]); got != `["unauthenticated"]` {
		t.Errorf("guest: got amr %s", got)
	}
	if got, want := amr(calls[1]), `["authenticated","login.example.com","login.example.com:app:ann"]`; got != want {
		t.Errorf("signed in: got amr %s, want %s", got, want)
	}
	if s := calls[1].Session; s == nil || s.Tags["client"] != "app" || s.Tags["username"] != "ann" {
		t.Errorf("got the session %+v, want the default tags", s)
	}
}

// The address of the app isn't that of Cognito's own call to STS.
func TestTheEnhancedFlowHidesTheNetwork(t *testing.T) {
	calls := inPools(t, "", `, IpAddress: {"aws:SourceIp": "192.0.2.0/24"}`, askCognito("here", "GetCredentialsForIdentity", "", `context: {"aws:SourceIp": 192.0.2.4}`))
	if c := calls[0]; c.Error == nil || c.Error.Code != "InvalidIdentityPoolConfigurationException" || !slices.Contains(c.Decision.Missing, "aws:SourceIp") {
		t.Errorf("got %s, missing %v, want a refusal for lack of aws:SourceIp", c.Verdict, c.Decision)
	}
}

func TestALoginThatIsNotSupportedSaysWhy(t *testing.T) {
	for login, want := range map[string]string{
		poolLogin("login.example.com", "ann"): "",
		`"https://login.example.com": x`:      "supports it as login.example.com",
		`"login.example.com/": x`:             "supports it as login.example.com",
		`"cognito-idp.us-east-1.amazonaws.com/us-east-1:aaaaaaaa-0000-0000-0000-000000000000": {mint: {issuer: "https://login.example.com", claims: {sub: ann, aud: app}}}`: "not the identity pool's",
		`us-east-1_Ab12Cd34E: x`: "cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E",
		`login.example.com: {mint: {issuer: "https://login.example.com", claims: {sub: ann, aud: [app, other]}}}`: "several audiences",
	} {
		c := atPools(t, "", askCognito("who", "GetId", poolID+", Logins: {"+login+"}"))[0]
		if !strings.Contains(c.Verdict, want) || want != "" && len(c.Advice) > 0 || (want == "") != (c.Error == nil) {
			t.Errorf("%s: got %s, advice %v", login, c.Verdict, c.Advice)
		}
	}
}

func TestHostileLogins(t *testing.T) {
	var many []string
	for i := range 11 {
		many = append(many, string(rune('a'+i))+".example.com: x")
	}
	for name, call := range map[string]struct{ logins, code string }{
		"eleven":             {strings.Join(many, ", "), "ValidationException"},
		"a long one":         {"login.example.com: " + strings.Repeat("x", 50001), "ValidationException"},
		"no token":           {"login.example.com: nothing", "NotAuthorizedException"},
		"an empty one":       {"login.example.com: \"\"", "ValidationException"},
		"a SAML response":    {"arn:aws:iam::123456789012:saml-provider/Okta: PHNhbWw+", "NotAuthorizedException"},
		"no provider's name": {"facebook: x", "InvalidParameterException"},
		"a claim's type":     {`login.example.com: {mint: {issuer: "https://login.example.com", claims: {sub: ann, aud: app, nbf: soon}}}`, "NotAuthorizedException"},
		"an empty subject":   {`login.example.com: {mint: {issuer: "https://login.example.com", claims: {sub: "", aud: app}}}`, "NotAuthorizedException"},
		"several audiences":  {`login.example.com: {mint: {issuer: "https://login.example.com", claims: {sub: ann, aud: [app, other]}}}`, "NotAuthorizedException"},
		"no algorithm":       {`login.example.com: {mint: {issuer: "https://login.example.com", claims: {sub: ann, aud: app}, attack: alg-none}}`, "NotAuthorizedException"},
		"not Cognito's":      {"cognito-identity.amazonaws.com: x", "NotAuthorizedException"},
	} {
		c := atPools(t, "", askCognito("hostile", "GetCredentialsForIdentity", "Logins: {"+call.logins+"}"))[0]
		if c.Error == nil || c.Error.Code != call.code {
			t.Errorf("%s: got %+v, want %s", name, c.Error, call.code)
		}
	}
}

// The members of the developer guide's sample records, "Example Amazon
// Cognito events", but for the user agent.
func TestCognitoRecordsHaveTheSamplesMembers(t *testing.T) {
	const address = `context: {"aws:SourceIp": 192.0.2.4}`
	logins := "Logins: {" + poolLogin("login.example.com", "ann") + "}"
	calls := atPools(t, "DeveloperProviderName: dev.example",
		askCognito("id", "GetId", poolID+", "+logins, address),
		askCognito("token", "GetOpenIdToken", "IdentityId: {from: id}, "+logins, address),
		askCognito("credentials", "GetCredentialsForIdentity", "IdentityId: {from: id}, "+logins, address),
		askCognito("developer", "GetOpenIdTokenForDeveloperIdentity", poolID+", Logins: {dev.example: ann}, TokenDuration: 900", address, `caller: "arn:aws:iam::123456789012:role/in"`))
	top := "awsRegion eventCategory eventID eventName eventSource eventTime eventType eventVersion managementEvent readOnly recipientAccountId requestID requestParameters resources responseElements sourceIPAddress userIdentity"
	for i, want := range []struct{ request, response, identity string }{
		{"identityPoolId logins", "identityId", "type"},
		{"identityId logins", "identityId", "type"},
		{"identityId logins", "credentials identityId", "type"},
		{"identityPoolId logins tokenDuration", "identityId", "accountId accessKeyId arn principalId sessionContext type"},
	} {
		text, _ := json.Marshal(calls[i].Event)
		var event map[string]any
		if err := json.Unmarshal(text, &event); err != nil || event == nil {
			t.Fatalf("%s: got no record (%s), %s", calls[i].Name, calls[i].EventWhy, calls[i].Verdict)
		}
		if got := membersOf(event); got != top {
			t.Errorf("%s: got %s, want %s", calls[i].Name, got, top)
		}
		if got := membersOf(event["requestParameters"]); got != want.request {
			t.Errorf("%s: got the request's %s, want %s", calls[i].Name, got, want.request)
		}
		if got := membersOf(event["responseElements"]); got != want.response {
			t.Errorf("%s: got the response's %s, want %s", calls[i].Name, got, want.response)
		}
		if i < 3 && membersOf(event["userIdentity"]) != want.identity {
			t.Errorf("%s: got the identity %v, want an unknown one", calls[i].Name, event["userIdentity"])
		}
		if strings.Contains(string(text), "eyJ") {
			t.Errorf("%s: the record shows a token", calls[i].Name)
		}
	}
}

func membersOf(object any) string {
	var names []string
	for name := range object.(map[string]any) {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
