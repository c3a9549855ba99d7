package registration_test

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"testing"
)

// members are the names in an object, with those of objects in it after a dot.
func members(v any, prefix string) (names []string) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	for name, inner := range object {
		names = append(names, prefix+name)
		names = append(names, members(inner, prefix+name+".")...)
	}
	sort.Strings(names)
	return names
}

func event(t *testing.T, text string) map[string]any {
	t.Helper()
	r := run(t, text)
	c := r.Calls[len(r.Calls)-1]
	encoded, err := json.Marshal(c.Event)
	if err != nil || c.Event == nil {
		t.Fatalf("got no record (%v, %s), want one", err, c.EventWhy)
	}
	var v map[string]any
	if err := json.Unmarshal(encoded, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The CloudTrail guide's sample of CreateRole ("CloudTrail log file examples"),
// with what records of version 1.09 have besides (IAM guide, sample of
// GetUserPolicy); without userAgent, sourceIPAddress and tlsDetails, which
// nobody can know here.
func TestTheRecordOfCreateRoleIsTheDocumentedOne(t *testing.T) {
	v := event(t, admin+call("iam:CreateRole", "{RoleName: TestRole, AssumeRolePolicyDocument: "+yaml(statement(`{"Sid": "", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}`))+"}"))
	want := strings.Fields(`awsRegion eventCategory eventID eventName eventSource eventTime eventType eventVersion managementEvent readOnly recipientAccountId requestID
		requestParameters requestParameters.assumeRolePolicyDocument requestParameters.roleName
		responseElements responseElements.role responseElements.role.arn responseElements.role.assumeRolePolicyDocument responseElements.role.createDate responseElements.role.path responseElements.role.roleId responseElements.role.roleName
		userIdentity userIdentity.accessKeyId userIdentity.accountId userIdentity.arn userIdentity.principalId userIdentity.type userIdentity.userName`)
	if got := members(v, ""); !slices.Equal(got, want) {
		t.Errorf("got members\n%s\nwant\n%s", got, want)
	}
	role := v["responseElements"].(map[string]any)["role"].(map[string]any)
	if policy := role["assumeRolePolicyDocument"].(string); !strings.HasPrefix(policy, "%7B%22Version%22%3A%20%222012-10-17%22%2C%20%22Statement%22") {
		t.Errorf("got the trust policy %s, want it URL-encoded", policy)
	}
	if v["eventSource"] != "iam.amazonaws.com" || v["awsRegion"] != "us-east-1" || v["readOnly"] != false {
		t.Errorf("got %v, want a writing event of IAM in us-east-1", v)
	}
}

func TestTheRecordOfARefusalHasItsException(t *testing.T) {
	v := event(t, admin+call("iam:AttachRolePolicy", `{RoleName: app, PolicyArn: "arn:aws:iam::123456789012:policy/none"}`))
	if v["errorCode"] != "NoSuchEntityException" || v["responseElements"] != nil {
		t.Errorf("got %v, want NoSuchEntityException and no response", v)
	}
}

// IAM guide, "Example AWS STS API event using the global endpoint in CloudTrail
// log file".
func TestTheGlobalEndpointIsInTheRecord(t *testing.T) {
	assume := func(region string) map[string]any {
		return event(t, strings.ReplaceAll(admin, `{"Service": "ec2.amazonaws.com"}`, `{"AWS": "123456789012"}`)+`
  - {action: "sts:AssumeRole", region: `+region+`, caller: "arn:aws:iam::123456789012:user/admin", params: {RoleArn: "arn:aws:iam::123456789012:role/app", RoleSessionName: me}}
`)
	}
	global := assume("aws-global")
	details, _ := global["additionalEventData"].(map[string]any)["RequestDetails"].(map[string]any)
	if details["endpointType"] != "global" || details["awsServingRegion"] != "us-east-1" || global["awsRegion"] != "us-east-1" {
		t.Errorf("got %v in %v, want the global endpoint, served in us-east-1", details, global["awsRegion"])
	}
	if data, there := assume("eu-west-1")["additionalEventData"]; there {
		t.Errorf("got %v for a Regional endpoint, want nothing", data)
	}
	token := func(v map[string]any) string {
		return v["responseElements"].(map[string]any)["credentials"].(map[string]any)["sessionToken"].(string)
	}
	if one, two := token(global), token(assume("eu-west-1")); len(one) >= len(two) {
		t.Errorf("got a token of version 1 with %d characters and one of version 2 with %d, want the second longer", len(one), len(two))
	}
}
