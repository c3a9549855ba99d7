package engine_test

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
)

// playExample plays an example and has its calls by name, as JSON.
func playExample(t *testing.T, slug string) map[string]map[string]any {
	t.Helper()
	var report struct{ Calls []map[string]any }
	if err := json.Unmarshal(encode(t, engine.Run(decode(t, example(t, slug).Source))), &report); err != nil {
		t.Fatal(err)
	}
	calls := map[string]map[string]any{}
	for _, c := range report.Calls {
		calls[c["name"].(string)] = c
	}
	return calls
}

// fieldsOf are the names of an object's members, with those of objects inside
// it behind a dot.
func fieldsOf(v any, prefix string) (names []string) {
	for name, value := range v.(map[string]any) {
		names = append(names, prefix+name)
		if _, inner := value.(map[string]any); inner {
			names = append(names, fieldsOf(value, prefix+name+".")...)
		}
	}
	slices.Sort(names)
	return names
}

// The sample of "Track privileged tasks in AWS CloudTrail" (IAM guide), for a
// caller who is a user and has no sessionContext, with the members that every
// record of version 1.08 has.
func TestTheRecordOfAssumeRoot(t *testing.T) {
	call := playExample(t, "root-sessions-do-five-tasks")["a root session for the bucket"]
	want := strings.Fields(`awsRegion eventCategory eventID eventName eventSource eventTime eventType eventVersion managementEvent readOnly
		recipientAccountId requestID requestParameters requestParameters.targetPrincipal requestParameters.taskPolicyArn requestParameters.taskPolicyArn.arn
		responseElements responseElements.credentials responseElements.credentials.accessKeyId responseElements.credentials.expiration responseElements.credentials.sessionToken
		sharedEventID userIdentity userIdentity.accessKeyId userIdentity.accountId userIdentity.arn userIdentity.principalId userIdentity.type userIdentity.userName`)
	if got := fieldsOf(call["event"], ""); !slices.Equal(got, want) {
		t.Errorf("got members %q, want %q", got, want)
	}
	event := call["event"].(map[string]any)
	if event["readOnly"] != false || event["recipientAccountId"] != "111111111111" {
		t.Errorf("got readOnly %v for %v, want false for the caller's account", event["readOnly"], event["recipientAccountId"])
	}
	target := call["innerEvents"].([]any)[0].(map[string]any)
	identity := map[string]any{"type": "AWSAccount", "principalId": event["userIdentity"].(map[string]any)["principalId"], "accountId": "111111111111"}
	if !reflect.DeepEqual(target["userIdentity"], identity) || target["recipientAccountId"] != "222222222222" || target["sharedEventID"] != event["sharedEventID"] || target["eventID"] == event["eventID"] {
		t.Errorf("got %v in the target account, want the caller by account and id, and the same sharedEventID", target)
	}
}

// "CloudTrail does not log denied AWS STS requests in the target account for
// cross-account role assumptions" (IAM guide), and one account keeps one record.
func TestWhereTwoAccountsKeepARecord(t *testing.T) {
	calls := playExample(t, "an-external-id-stops-the-confused-deputy")
	if inner := calls["for you"]["innerEvents"]; inner == nil || inner.([]any)[0].(map[string]any)["recipientAccountId"] != "123456789012" {
		t.Errorf("got %v beside the record of a role of another account, want that of the role's account", inner)
	}
	if inner := calls["for another customer"]["innerEvents"]; inner != nil {
		t.Errorf("got %v beside the record of a refusal, want nothing", inner)
	}
	if inner := playExample(t, "a-role-that-assumes-itself")["the trust policy names the role"]["innerEvents"]; inner != nil {
		t.Errorf("got %v beside the record of a role of the same account, want nothing", inner)
	}
}

// The members of "Auditing cross-partition identity federation" (IAM guide).
func TestTheRecordsOfATokenOfAWS(t *testing.T) {
	calls := playExample(t, "a-token-of-aws-for-another-partition")
	source, destination := calls["a token for the other side"], calls["it opens the role in China"]["event"].(map[string]any)
	var claims struct{ JTI string }
	token := source["response"].(map[string]any)["WebIdentityToken"].(string)
	payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	given := source["event"].(map[string]any)["responseElements"]
	if want := map[string]any{"webIdentityTokenId": claims.JTI}; !reflect.DeepEqual(given, want) {
		t.Errorf("got %v, want %v", given, want)
	}
	if got := destination["requestParameters"].(map[string]any)["webIdentityTokenId"]; got != claims.JTI {
		t.Errorf("got the token's id %v, want %s", got, claims.JTI)
	}
	want := map[string]any{"sourcePrincipalArn": "arn:aws:iam::123456789012:user/dana", "sourceRegion": "us-east-1"}
	if got := destination["additionalEventData"].(map[string]any)["crossPartitionData"]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The claims of "Understanding token claims" (IAM guide), as far as the
// example's session has them.
func TestTheClaimsOfATokenOfAWS(t *testing.T) {
	call := playExample(t, "aws-vouches-for-a-workload")["a token for the service"]
	token := call["response"].(map[string]any)["WebIdentityToken"].(string)
	payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "jti")
	want := map[string]any{
		"iss": "https://11111111-2222-3333-4444-555555555555.tokens.sts.global.api.aws", "aud": "https://api.example.com",
		"sub": "arn:aws:iam::123456789012:role/data-processing", "iat": 1777372200.0, "exp": 1777372500.0,
		"https://sts.amazonaws.com/": map[string]any{
			"aws_account": "123456789012", "source_region": "eu-central-1", "org_id": "o-example",
			"principal_tags":             map[string]any{"team": "data-engineering"},
			"original_session_exp":       "2026-04-28T10:45:00Z",
			"lambda_source_function_arn": "arn:aws:lambda:eu-central-1:123456789012:function:process-data",
			"request_tags":               map[string]any{"job-id": "job-2026-001"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The form of the message that vmware-archive/terraforming-aws#73 shows
// decoded, and for a Deny the statement.
func TestADecodedMessage(t *testing.T) {
	calls := playExample(t, "what-an-encoded-message-says")
	decoded := func(name string) (message map[string]any) {
		text := calls[name]["response"].(map[string]any)["DecodedMessage"].(string)
		if err := json.Unmarshal([]byte(text), &message); err != nil {
			t.Fatal(err)
		}
		return message
	}
	none := map[string]any{"items": []any{}}
	m := decoded("nothing allowed it")
	context := m["context"].(map[string]any)
	if m["allowed"] != false || m["explicitDeny"] != false || !reflect.DeepEqual(m["matchedStatements"], none) || !reflect.DeepEqual(m["failures"], none) {
		t.Errorf("got %v, want a message about nothing that allows", m)
	}
	if principal := context["principal"].(map[string]any); principal["name"] != "bob" || principal["arn"] != "arn:aws:iam::123456789012:user/bob" || !strings.HasPrefix(principal["id"].(string), "AIDA") {
		t.Errorf("got the principal %v, want bob", principal)
	}
	tenancy := map[string]any{"key": "ec2:Tenancy", "values": map[string]any{"items": []any{map[string]any{"value": "default"}}}}
	if conditions := context["conditions"].(map[string]any)["items"].([]any); !slices.ContainsFunc(conditions, func(c any) bool { return reflect.DeepEqual(c, tenancy) }) {
		t.Errorf("got the keys %v, want ec2:Tenancy among them", conditions)
	}
	denied := decoded("a statement denied it")
	statement := denied["matchedStatements"].(map[string]any)["items"].([]any)[0].(map[string]any)
	if denied["explicitDeny"] != true || statement["statementId"] != "NoLargeOnes" || statement["effect"] != "DENY" {
		t.Errorf("got %v, want the statement that denied", denied)
	}
}

func TestWhatGetCallerIdentitySays(t *testing.T) {
	calls := playExample(t, "whose-credentials-are-these")
	for name, want := range map[string]string{
		"a user, with an explicit Deny":   "arn:aws:iam::123456789012:user/staff/alice",
		"the root user":                   "arn:aws:iam::123456789012:root",
		"which is the user, still":        "arn:aws:iam::123456789012:user/staff/alice",
		"whose session's ARN has no path": "arn:aws:sts::123456789012:assumed-role/reader/alice",
		"who goes by a name of its own":   "arn:aws:sts::123456789012:federated-user/carl",
	} {
		response := calls[name]["response"].(map[string]any)
		if response["Arn"] != want || response["Account"] != "123456789012" || response["UserId"] == "" {
			t.Errorf("%s: got %v, want %s", name, response, want)
		}
	}
}

func TestAVerdictThatRestsOnWhatWasTakenOnTrustIsOneSentence(t *testing.T) {
	r := engine.Run(decode(t, `{"now":"2026-04-28T10:30:00Z","accounts":{"123456789012":{"OpenIDConnectProviders":[{"Url":"https://idp.example.com","ClientIDList":["app"]}],
		"Roles":[{"RoleName":"r","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"}]}}]}},
		"calls":[{"name":"in","action":"sts:AssumeRoleWithWebIdentity","params":{"RoleArn":"arn:aws:iam::123456789012:role/r","RoleSessionName":"ci",
		"WebIdentityToken":{"unsigned":{"header":{"alg":"RS256"},"claims":{"iss":"https://idp.example.com","aud":"app","sub":"dana","iat":1777372100,"exp":1777375800}}}}},
		{"name":"who","action":"sts:GetCallerIdentity","caller":"in"}]}`))
	want := "If the signature is good, the credentials are those of arn:aws:sts::123456789012:assumed-role/r/ci, in account 123456789012."
	if got := r.Calls[1].Verdict; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Without the permission to pass tags the call is refused, and no role is
// needed to say so.
func TestAFederationTokenWithTagsNeedsTagSession(t *testing.T) {
	r := engine.Run(decode(t, `{"now":"2026-04-28T10:30:00Z","accounts":{"111111111111":{"Users":[{"UserName":"broker","Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetFederationToken","Resource":"*"}]}}]}]}},
		"calls":[{"name":"token","action":"sts:GetFederationToken","caller":"arn:aws:iam::111111111111:user/broker","params":{"Name":"susan","Tags":[{"Key":"team","Value":"web"}]}}]}`))
	want := "User: arn:aws:iam::111111111111:user/broker is not authorized to perform: sts:TagSession on resource: arn:aws:sts::111111111111:federated-user/susan because no identity-based policy allows the sts:TagSession action"
	if e := r.Calls[0].Error; e == nil || e.Message != want {
		t.Errorf("got %+v, want %s", e, want)
	}
}

// The sample of "Track privileged tasks in AWS CloudTrail" has assumedRoot in
// the session of the caller.
func TestTheRecordOfAssumeRootByASession(t *testing.T) {
	r := engine.Run(decode(t, `{"now":"2026-04-28T10:30:00Z","organization":{"id":"o-1","managementAccount":"111111111111","EnabledFeatures":["RootSessions"]},
		"accounts":{"222222222222":{},"111111111111":{"Roles":[{"RoleName":"John","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]},
		"Policies":[{"PolicyName":"p","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoot","Resource":"*"}]}}]}]}},
		"calls":[{"name":"session","action":"sts:AssumeRole","caller":"service/ec2.amazonaws.com","params":{"RoleArn":"arn:aws:iam::111111111111:role/John","RoleSessionName":"JohnRole1"}},
		{"name":"root","action":"sts:AssumeRoot","caller":"session","region":"us-west-2","params":{"TargetPrincipal":"222222222222","TaskPolicyArn":{"arn":"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}}]}`))
	text, _ := json.Marshal(r.Calls[1].Event)
	var event struct {
		UserIdentity struct {
			Type           string
			SessionContext struct{ AssumedRoot string }
		}
	}
	if err := json.Unmarshal(text, &event); err != nil || event.UserIdentity.Type != "AssumedRole" || event.UserIdentity.SessionContext.AssumedRoot != "true" {
		t.Errorf("got %s, want a session with assumedRoot", text)
	}
}
