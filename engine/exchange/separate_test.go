package exchange

import (
	"strings"
	"testing"
)

const (
	oneRole   = `{"Role": {"RoleName": "deploy", "Path": "/", "Arn": "arn:aws:iam::444455556666:role/deploy", "Description": "braces } and \" quotes {", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::444455556666:oidc-provider/gitlab.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}]}}}`
	oneOIDC   = `{"Url": "gitlab.com", "ClientIDList": ["app"], "ThumbprintList": []}`
	oneInline = `{"RoleName": "deploy", "PolicyName": "site", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}`
)

func TestSeveralOutputsAreTakenInTogether(t *testing.T) {
	for says, text := range map[string]string{
		"one after the other": oneRole + "\n" + oneOIDC + "\n\n" + oneInline + "\n",
		"with their commands": "$ aws iam get-role --role-name deploy\n" + oneRole + "\n$ aws iam get-open-id-connect-provider --open-id-connect-provider-arn arn:aws:iam::444455556666:oidc-provider/gitlab.com\n" + oneOIDC + "\n$ aws iam get-role-policy --role-name deploy --policy-name site\n" + oneInline,
	} {
		imported, refusal := Import(text, nil, "")
		if refusal != "" {
			t.Errorf("%s: %s", says, refusal)
			continue
		}
		if !strings.HasPrefix(imported.What, "This is the output of 3 commands of the AWS CLI") || len(imported.Patch) == 0 {
			t.Errorf("%s: got %q and %d changes", says, imported.What, len(imported.Patch))
		}
	}
	if _, refusal := Import(oneRole+"\n"+`{"nothing": "known"}`, nil, ""); !strings.Contains(refusal, "of the 2 JSON values number 2") {
		t.Errorf("got %q", refusal)
	}
	if _, refusal := Import(oneRole+" and more", nil, ""); !strings.Contains(refusal, "more text follows") {
		t.Errorf("got %q", refusal)
	}
}
