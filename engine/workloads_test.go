package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"stsplayground/engine"
)

// Records that CloudTrail kept of an agent's call, of EKS's own that followed,
// and of an agent's that was refused, as AWS's workshops show them, without
// the members that nobody here can know.
const (
	podIdentityRecord = `{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:i-064d652934ecf0bfc","arn":"arn:aws:sts::123456789012:assumed-role/node/i-064d652934ecf0bfc","accountId":"123456789012","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::123456789012:role/node","accountId":"123456789012","userName":"node"},"attributes":{"creationDate":"2023-12-13T01:04:37Z","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}},"eventTime":"2023-12-13T01:14:20Z","eventSource":"eks-auth.amazonaws.com","eventName":"AssumeRoleForPodIdentity","awsRegion":"us-east-1","requestParameters":{"clusterName":"eks-workshop","token":"HIDDEN_DUE_TO_SECURITY_REASONS"},"responseElements":null,"requestID":"7f8d9b80","eventID":"e05b6d2e","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management"}`

	assumedByEKS = `{"eventVersion":"1.08","userIdentity":{"type":"AWSService","invokedBy":"pods.eks.amazonaws.com"},"eventTime":"2023-12-13T01:14:20Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","sourceIPAddress":"pods.eks.amazonaws.com","requestParameters":{"roleArn":"arn:aws:iam::123456789012:role/carts","roleSessionName":"eks-eks-worksh-carts-d49c-b81f0fef-97e9-47da-97a2-948c5bbcd1b3","durationSeconds":21600,"tags":[{"key":"eks-cluster-arn","value":""},{"key":"eks-cluster-name","value":""},{"key":"kubernetes-namespace","value":""},{"key":"kubernetes-service-account","value":""},{"key":"kubernetes-pod-name","value":""},{"key":"kubernetes-pod-uid","value":""}],"transitiveTagKeys":["eks-cluster-arn","eks-cluster-name","kubernetes-namespace","kubernetes-service-account","kubernetes-pod-name","kubernetes-pod-uid"]},"responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE","sessionToken":"IQoJ","expiration":"Dec 13, 2023, 7:14:20 AM"},"assumedRoleUser":{"assumedRoleId":"AROAEXAMPLE:eks","arn":"arn:aws:sts::123456789012:assumed-role/carts/eks"},"packedPolicySize":55},"requestID":"b24654c7","eventID":"55621424","readOnly":true,"resources":[{"accountId":"123456789012","type":"AWS::IAM::Role","ARN":"arn:aws:iam::123456789012:role/carts"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management"}`
)

// shape is every member's name and what kind of value it has, a line each.
func shape(path string, value any) (lines []string) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			lines = append(lines, shape(path+"/"+name, v[name])...)
		}
		return lines
	case []any:
		for i := range v {
			lines = append(lines, shape(fmt.Sprintf("%s/%d", path, i), v[i])...)
		}
		return lines
	}
	return []string{fmt.Sprintf("%s %T", path, value)}
}

func decoded(t *testing.T, value any) (tree map[string]any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestRecordsOfPodIdentityHaveTheShapeOfRealOnes(t *testing.T) {
	report := engine.Run(decode(t, example(t, "pod-identity-gives-a-pod-its-role").Source))
	events := report.Calls[0].InnerEvents
	if len(events) != 3 {
		t.Fatalf("got %d records, want those of EC2's, the agent's and EKS's call", len(events))
	}
	for i, sample := range []string{podIdentityRecord, assumedByEKS} {
		var want map[string]any
		if err := json.Unmarshal([]byte(sample), &want); err != nil {
			t.Fatal(err)
		}
		got := decoded(t, events[i+1])
		if g, w := shape("", got), shape("", want); !slices.Equal(g, w) {
			t.Errorf("got the shape\n%s\nwant\n%s", strings.Join(g, "\n"), strings.Join(w, "\n"))
		}
		for _, name := range []string{"eventVersion", "eventSource", "eventName", "readOnly", "eventType", "managementEvent"} {
			if got[name] != want[name] {
				t.Errorf("%s: got %v, want %v", name, got[name], want[name])
			}
		}
	}
	for _, c := range report.Calls {
		if c.Name != "the trust policy asks for another namespace" {
			continue
		}
		record := decoded(t, c.InnerEvents[1])
		if record["errorCode"] != "AccessDenied" || record["errorMessage"] != "Unauthorized Exception! EKS does not have permissions to assume the associated role." {
			t.Errorf("got %v, %v, want the code and message of a real record", record["errorCode"], record["errorMessage"])
		}
	}
}

// The session that EKS makes on the way to a target role is its own: where the
// target refuses, nobody gets it.
func TestNobodyGetsTheSessionOnTheWayToATargetRole(t *testing.T) {
	text := example(t, "pod-identity-goes-on-to-another-account").Source + `  - {name: uses it, action: "s3:GetObject", caller: the first role may not go on, resource: "arn:aws:s3:::reports/x"}
`
	report := engine.Run(decode(t, text))
	last := report.Calls[len(report.Calls)-1]
	if last.Error == nil || last.Error.Code != "NoCredentials" {
		t.Errorf("got %+v, want NoCredentials", last.Error)
	}
}

func TestAnInstanceThatNamesARole(t *testing.T) {
	c := engine.Run(decode(t, `{"accounts": {"123456789012": {"Instances": [{"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:role/web"}}]}}, "calls": [{"action": "imds:GetSecurityCredentials", "params": {"InstanceId": "i-1"}}]}`)).Calls[0]
	if c.Error == nil || c.Error.Code != "NotFound" || !strings.Contains(c.Verdict, "The ARN is a role's") {
		t.Errorf("got %+v, %s", c.Error, c.Verdict)
	}
}

func TestStrangeWorkloadsAreAnswered(t *testing.T) {
	for _, text := range []string{
		`{"accounts": {"123456789012": {"Clusters": [{"name": "ü", "arn": "arn:", "pods": [{"name": "ééééééééééééé", "node": "i"}]}], "PodIdentityAssociations": [{"clusterName": "ü", "namespace": "default", "serviceAccount": "default", "roleArn": "x"}], "Instances": [{"InstanceId": "i", "IamInstanceProfile": {"Arn": ":iam::"}}]}}, "calls": [{"action": "workload:GetCredentials", "params": {"cluster": "ü", "pod": "ééééééééééééé"}}]}`,
		`{"accounts": {"123456789012": {"Clusters": [{"name": "c", "pods": [{"name": "p", "injected": "web-identity"}, {"name": "q", "injected": "pod-identity", "node": "nowhere"}]}]}}, "calls": [{"action": "workload:GetCredentials", "params": {"cluster": "c", "pod": "p"}}, {"action": "workload:GetCredentials", "params": {"cluster": "c", "pod": "q", "onFailure": "continue"}}, {"action": "eks-auth:AssumeRoleForPodIdentity"}, {"action": "eks-auth:AssumeRoleForPodIdentity", "caller": "service/x", "params": {"clusterName": "c", "token": {"unsigned": {"claims": []}}}}]}`,
		`{"accounts": {"123456789012": {"InstanceProfiles": [{"InstanceProfileName": "p", "Roles": {"RoleName": 1}}, {"InstanceProfileName": "q", "Roles": [1, null, {"RoleName": ["x"]}, {"RoleName": ""}]}], "Instances": [{"InstanceId": "i", "IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/q"}, "MetadataOptions": {"HttpPutResponseHopLimit": -5}}]}}, "calls": [{"action": "imds:GetSecurityCredentials", "params": {"InstanceId": "i", "hops": -9}}]}`,
	} {
		for _, c := range engine.Run(decode(t, text)).Calls {
			if c.Outcome != "failure" || c.Error == nil || c.Verdict == "" {
				t.Errorf("%s: got %s, %+v, %q, want a failure and why", text[:40], c.Outcome, c.Error, c.Verdict)
			}
		}
	}
}
