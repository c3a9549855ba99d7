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
		if !strings.HasPrefix(imported.What, "These are 3 things: the output of aws iam get-role: role deploy of account 444455556666; the output of aws iam get-open-id-connect-provider") || len(imported.Patch) == 0 {
			t.Errorf("%s: got %q and %d changes", says, imported.What, len(imported.Patch))
		}
	}
	for _, more := range []string{"\n" + `{"nothing": "known"}`, " and more"} {
		if taken, refusal := Import(oneRole+more, nil, ""); refusal != "" || !strings.HasPrefix(taken.What, "This is the output of aws iam get-role") {
			t.Errorf("%q: got %q and the refusal %q", more, taken.What, refusal)
		}
	}
}
