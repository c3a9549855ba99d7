package iam

import "strings"

// Words with which tests write policies and requests.

// allowIf and denyIf are statements about everything, with a condition.
func allowIf(condition string) string { return statementIf("Allow", condition) }
func denyIf(condition string) string {
	return allowIf("") + "," + statementIf("Deny", condition)
}

func statementIf(effect, condition string) string {
	s := `{"Effect":"` + effect + `","Action":"*","Resource":"*"`
	if condition != "" {
		s += `,"Condition":{` + condition + `}`
	}
	return s + `}`
}

// asked is a request for s3:GetObject with condition keys, "key=value", or
// "key[]=a|b" for a multi-valued one ("key[]" has no values).
func asked(keys ...string) *Request {
	r := &Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/key", Context: NewContext()}
	for _, pair := range keys {
		key, value, assigned := strings.Cut(pair, "=")
		if multi, ok := strings.CutSuffix(key, "[]"); !ok {
			r.Context.Set(key, value)
		} else if assigned {
			r.Context.SetMulti(multi, strings.Split(value, "|"))
		} else {
			r.Context.SetMulti(multi, nil)
		}
	}
	return r
}

func askedFor(action, resource string, keys ...string) *Request {
	r := asked(keys...)
	r.Action, r.Resource = action, resource
	return r
}

// doc is the whole document of a row.
func (r row) doc() string {
	if r.whole {
		return r.policy
	}
	return `{"Version":"2012-10-17","Statement":[` + r.policy + `]}`
}

var (
	alice  = Principal{AWS: []string{"arn:aws:iam::123456789012:user/alice", "AIDACKCEVSQ6C2EXAMPLE"}, Account: "123456789012"}
	deploy = Principal{AWS: []string{"arn:aws:sts::123456789012:assumed-role/deploy/ci", "arn:aws:iam::123456789012:role/deploy", "AROACKCEVSQ6C2EXAMPLE:ci", "AROACKCEVSQ6C2EXAMPLE"}, Account: "123456789012"}
	// A session of GetFederationToken, and the user who federated.
	bobFederated = Principal{AWS: []string{"arn:aws:sts::123456789012:federated-user/bob", "arn:aws:iam::123456789012:user/alice"}, Account: "123456789012"}

	root         = Principal{AWS: []string{"arn:aws:iam::123456789012:root"}, Account: "123456789012"}
	github       = Principal{Federated: []string{"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}}
	google       = Principal{Federated: []string{"accounts.google.com"}}
	okta         = Principal{Federated: []string{"arn:aws:iam::123456789012:saml-provider/Okta"}}
	ec2          = Principal{Service: []string{"ec2.amazonaws.com"}}
	s3OfHongKong = Principal{Service: []string{"s3.ap-east-1.amazonaws.com"}}

	canon  = Principal{CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}
	nobody = Principal{Anonymous: true}
)

// principals are those that rows name.
var principals = map[string]Principal{
	"alice": alice, "deploy": deploy, "root": root, "bob federated": bobFederated, "github": github, "google": google,
	"okta": okta, "ec2": ec2, "s3 of ap-east-1": s3OfHongKong, "canonical": canon, "anonymous": nobody,
}
