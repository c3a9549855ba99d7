package iam

import (
	"slices"
	"strings"
)

// The types of principal, as a policy spells them.
const (
	typeAWS           = "AWS"
	typeFederated     = "Federated"
	typeService       = "Service"
	typeCanonicalUser = "CanonicalUser"
)

// principalTest is one value of Principal or NotPrincipal, compiled.
type principalTest struct {
	sort    principalSort
	account string // 12 digits, of a whole account
}

type principalSort byte

const (
	unknownPrincipal principalSort = iota // a type that AWS doesn't know
	everyone                              // "*"
	everyAWS                              // {"AWS": "*"}
	wholeAccount                          // {"AWS": "123456789012"} or its root ARN
	oneAWS
	oneFederated
	oneService
	oneCanonicalUser
)

func compilePrincipal(kind, text string) principalTest {
	switch kind {
	case "":
		if text == "*" {
			return principalTest{sort: everyone}
		}
	case typeAWS:
		if text == "*" {
			return principalTest{sort: everyAWS}
		}
		if account, ok := accountOf(text); ok {
			return principalTest{wholeAccount, account}
		}
		return principalTest{sort: oneAWS}
	case typeFederated:
		return principalTest{sort: oneFederated}
	case typeService:
		return principalTest{sort: oneService}
	case typeCanonicalUser:
		return principalTest{sort: oneCanonicalUser}
	}
	return principalTest{}
}

// accountOf is the account that a principal names as a whole: "The account
// ARN and the shortened account ID behave the same way" (IAM User Guide,
// reference_policies_elements_principal).
func accountOf(text string) (account string, ok bool) {
	if isAccountID(text) {
		return text, true
	}
	parts := strings.Split(text, ":")
	if len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[3] == "" && isAccountID(parts[4]) && parts[5] == "root" {
		return parts[4], true
	}
	return "", false
}

func isAccountID(s string) bool { return len(s) == 12 && digits(s) }

// names says whether the value w of a policy of that kind means p.
func (w *Written) names(p *Principal, kind Kind) bool {
	switch w.principal.sort {
	case everyone:
		return true
	case everyAWS:
		// The same as "*" (reference_policies_elements_principal), but not in
		// an endpoint policy, where only AWS principals are meant.
		return kind != EndpointPolicy || len(p.AWS) > 0
	case wholeAccount:
		return p.Account == w.principal.account
	case oneAWS:
		return slices.Contains(p.AWS, w.Text)
	case oneFederated:
		return slices.Contains(p.Federated, w.Text)
	case oneService:
		return slices.Contains(p.Service, w.Text)
	case oneCanonicalUser:
		return p.CanonicalUser != "" && p.CanonicalUser == w.Text
	}
	return false
}

// Lists says whether any value of the element means p in a policy of the kind.
func (e *Element) Lists(p *Principal, kind Kind) bool {
	for i := range e.Values {
		if e.Values[i].names(p, kind) {
			return true
		}
	}
	return false
}

// spares says whether NotPrincipal leaves p alone. An AWS principal is spared
// only when all its ARNs are listed (session and role) and its account too:
// "you must also specify the account ARN of the not-denied principal", and "a
// role … AWS might validate the account first, then the role, and then the
// assumed-role user" (reference_policies_elements_notprincipal). AWS says
// "might"; denying is modelled. It never spares one with a permissions
// boundary: NotPrincipal "with a Deny effect will always deny any IAM principal
// that has a permissions boundary policy attached, regardless of the values".
func (e *Element) spares(p *Principal, kind Kind) bool {
	switch {
	case p.bounded:
		return false
	case len(p.AWS) == 0:
		return e.Lists(p, kind)
	}
	if p.Account != "" && !e.Lists(&Principal{Account: p.Account}, kind) {
		return false
	}
	for _, name := range p.AWS {
		// A unique id is only another name of an ARN in the list.
		if strings.HasPrefix(name, "arn:") && !e.Lists(&Principal{AWS: []string{name}, Account: rootAccount(name)}, kind) {
			return false
		}
	}
	return true
}

// rootAccount is the account of an account root's ARN, empty for other ARNs.
func rootAccount(arn string) string {
	account, _ := accountOf(arn)
	return account
}
