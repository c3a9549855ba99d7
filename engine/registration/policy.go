package registration

import (
	"fmt"
	"strings"

	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

const (
	syntaxTrust    = "Syntax error in policy."
	syntaxIdentity = "Syntax errors in policy."
)

// answers are those to a trust policy and to one of permissions.
type answers struct{ trust, identity string }

func (a answers) of(kind iam.Kind) string {
	if kind == iam.TrustPolicy {
		return a.trust
	}
	return a.identity
}

// refused are the findings about policies for which IAM doesn't save one, by
// their rules, and what it answers where the finding doesn't have AWS's own
// words. Those words are of an independent implementation, and marked as not
// known to be AWS's. Where there are none, only a finding with AWS's own words
// keeps a policy of the kind from being saved.
var refused = map[string]answers{
	"policy/json":                 {syntaxTrust, syntaxIdentity},
	"policy/object":               {syntaxTrust, syntaxIdentity},
	"policy/duplicate-name":       {syntaxTrust, syntaxIdentity},
	"policy/element":              {syntaxTrust, syntaxIdentity},
	"policy/element-and-opposite": {syntaxTrust, syntaxIdentity},
	"policy/value":                {syntaxTrust, syntaxIdentity},
	"policy/condition":            {syntaxTrust, syntaxIdentity},
	"policy/condition-operator":   {syntaxTrust, syntaxIdentity},
	"policy/condition-key":        {syntaxTrust, syntaxIdentity},
	"policy/sid":                  {syntaxTrust, syntaxIdentity},
	"policy/empty":                {"Missing required field Principal cannot be empty!", syntaxIdentity},
	"policy/version":              {"The policy must contain a valid version string", syntaxIdentity},
	"policy/version-missing":      {"", syntaxIdentity},
	"policy/statement":            {"Could not parse the policy: Statement is empty!", syntaxIdentity},
	"policy/sid-unique":           {"The Statement Ids in the policy are not unique", syntaxIdentity},
	"policy/effect":               {"Missing required field Effect", syntaxIdentity},
	"policy/action":               {"Missing required field Action", syntaxIdentity},
	"policy/action-form":          {"AssumeRole policy may only specify STS AssumeRole actions.", syntaxIdentity},
	"policy/principal":            {"Missing required field Principal", syntaxIdentity},
	"policy/principal-type":       {"Principal must be a JSON object.", ""},
	"policy/principal-invalid":    {"Invalid principal in policy", ""},
	"policy/resource":             {"", syntaxIdentity},
	"policy/resource-form":        {"", syntaxIdentity},
	"policy/incomplete-arn":       {"", ""},
	"policy/arn-partition":        {"", syntaxIdentity},
	"policy/arn-region":           {"", syntaxIdentity},
	"policy/arn-resource":         {"", syntaxIdentity},
	"policy/service-wildcard":     {"", syntaxIdentity},
	"trust/resource":              {"Has prohibited field Resource", ""},
	"trust/assume-role-action":    {"AssumeRole policy may only specify STS AssumeRole actions.", ""},
	"trust/not-principal":         {"AssumeRole policy must not contain NotPrincipal field.", ""},
	"trust/everyone":              {`Invalid principal in policy: "STAR":"*"`, ""},
	"trust/federated":             {"Federated principals must be valid domain names or SAML metadata ARNs", ""},
}

// aws parts a finding's own words from those of AWS.
const aws = " AWS's message: "

// checkDocument fails with the first finding for which IAM saves no policy.
// Errors that IAM saves all the same are told where it is saved.
func (v *visit) checkDocument(findings []trace.Finding, kind iam.Kind, policy *iam.Policy, parameter string) {
	const expected = "a policy that IAM saves"
	if text, given := sts.PolicyText(v.document(parameter)); !given || text == "" {
		v.Skip("The request has no policy.", ruleDocument)
		return
	}
	for i := range findings {
		f := &findings[i]
		instead, refuses := refused[f.Rule]
		detail, message, known := strings.Cut(f.Detail, aws)
		if !known {
			message = instead.of(kind)
		}
		if !refuses || message == "" || f.Severity != trace.SeverityError {
			if f.Severity == trace.SeverityError && !strings.HasPrefix(f.Rule, "role/") && f.Rule != "trust/shared-provider" && len(v.doubts) == 0 {
				v.doubts = append(v.doubts, f.Detail)
			}
			continue
		}
		if service := serviceAt(f, policy); service != "" {
			message, known = `Invalid principal in policy: "SERVICE":"`+service+`"`, true
		}
		if !known {
			message = sts.WordingUnknown(closer(f, policy, message))
		}
		v.Fail(ruleDocument, malformed(message), expected, f.Title+": no", detail).Placed(&f.At).Modelled = !known
		if len(f.Fix) > 0 {
			v.advice = append(v.advice, trace.Advice{Title: f.Title, Why: detail, Fix: f.Fix, Widens: "What the policy then says is in force once it is saved."})
		}
		return
	}
	v.Pass(ruleDocument, expected, "nothing that IAM refuses", "")
}

// serviceAt is the service principal that a finding is about, for which AWS's
// words are known (aws-samples/aws-cdk-examples#801); "" for any other.
func serviceAt(f *trace.Finding, policy *iam.Policy) string {
	if f.Rule != "policy/principal-invalid" || policy == nil {
		return ""
	}
	for i := range policy.Statements {
		for _, p := range policy.Statements[i].Principal.Values {
			if p.Type == "Service" && p.At.Path == f.At.Path {
				return p.Text
			}
		}
	}
	return ""
}

// closer is the message of a finding whose rule has more than one.
func closer(f *trace.Finding, policy *iam.Policy, message string) string {
	if policy == nil {
		return message
	}
	for i := range policy.Statements {
		s := &policy.Statements[i]
		switch {
		case f.Rule == "policy/effect" && strings.HasSuffix(f.At.Path, "/Effect") && s.Effect != "" && s.Effect != "Allow" && s.Effect != "Deny":
			return "Invalid effect: " + s.Effect
		case f.Rule == "trust/not-principal" && s.Principal.Not && s.Effect == "Allow":
			return "Allow with NotPrincipal is not allowed."
		}
	}
	return message
}

// document is the policy that the call gives.
func (v *visit) document(parameter string) scenario.Document {
	if parameter == "PolicyDocument" {
		return v.params.PolicyDocument
	}
	return v.params.AssumeRolePolicyDocument
}

// checkTrust judges a trust policy as IAM does when it is saved.
func (v *visit) checkTrust(r *scenario.Role, parameter string) {
	role, findings := v.world.Compile(v.account, r)
	v.checkDocument(findings, iam.TrustPolicy, role.Trust, parameter)
	if role.Unread != "" || !r.AssumeRolePolicyDocument.Given() {
		v.Skip("The policy can't be read.", rulePrincipals, ruleShared, ruleSize)
		return
	}
	v.checkPrincipals(role.Trust)
	v.checkShared(findings)
	v.checkSize(r)
}

// checkPrincipals: IAM turns the ARNs of users and roles into their unique ids
// when it saves a trust policy, so that they have to exist (IAM guide, "AWS JSON
// policy elements: Principal").
func (v *visit) checkPrincipals(policy *iam.Policy) {
	const expected = "users, roles and providers that exist"
	var unknown, found []string
	for i := range policy.Statements {
		s := &policy.Statements[i]
		for j := range s.Principal.Values {
			p := &s.Principal.Values[j]
			switch p.Type {
			case "AWS":
				problem, notKnown := v.world.PrincipalProblem(p.Text)
				if problem != "" && !strings.ContainsAny(p.Text, "*?") {
					v.Fail(rulePrincipals, malformed(`Invalid principal in policy: "AWS":"`+p.Text+`"`), expected, p.Text, problem).Placed(&p.At)
					return
				}
				if notKnown {
					unknown = append(unknown, "Whether "+p.Text+" exists isn't known: the scenario doesn't have its account.")
				}
			case "Service":
				// A domain that is none of AWS's is no service; of those that are
				// some aren't either (hashicorp/terraform#35086), and nobody has the list.
				if !strings.Contains(p.Text, "aws") && !strings.Contains(p.Text, "amazon") && !strings.HasSuffix(p.Text, ".gov") {
					v.Fail(rulePrincipals, malformed(`Invalid principal in policy: "SERVICE":"`+p.Text+`"`), expected, p.Text, quote(p.Text)+" is no service of AWS, such as ec2.amazonaws.com.").Placed(&p.At)
					return
				}
			case "Federated":
				if problem := v.federatedProblem(p.Text); problem != "" {
					unknown = append(unknown, problem)
				}
			}
			found = append(found, p.Text)
		}
	}
	if len(unknown) > 0 {
		v.Warn(rulePrincipals, expected, strings.Join(found, "\n"), strings.Join(unknown, " ")).AsModelled()
		return
	}
	v.Pass(rulePrincipals, expected, strings.Join(found, "\n"), "")
}

// federatedProblem is what is odd about a provider's ARN that IAM isn't known
// to refuse.
func (v *visit) federatedProblem(arn string) string {
	rest, own := strings.CutPrefix(arn, v.arn(""))
	url, oidc := strings.CutPrefix(rest, "oidc-provider/")
	name, saml := strings.CutPrefix(rest, "saml-provider/")
	const saved = " IAM isn't known to refuse it, and nobody gets in by it."
	switch {
	case !strings.HasPrefix(arn, "arn:"):
	case !own:
		return arn + " is no provider of account " + v.account.ID + ", and a role trusts only its own account's." + saved
	case oidc && v.account.OIDCProvider(url) == nil, saml && v.account.SAMLProvider(name) == nil:
		return "The account has no provider " + arn + " yet." + saved
	}
	return ""
}

// checkShared: "Create or update requests fail" for a trust policy that names a
// shared provider without its condition (IAM guide, "Identity-provider controls
// for shared OIDC providers"). No source has AWS's words.
func (v *visit) checkShared(findings []trace.Finding) {
	const expected = "a condition that narrows a shared provider down"
	for i := range findings {
		f := &findings[i]
		if f.Rule != "trust/shared-provider" {
			continue
		}
		message := "The trust policy lacks the condition that the identity provider requires"
		if strings.Contains(f.Detail, "cognito-identity.amazonaws.com:aud") {
			message = "A condition block must be present for the Cognito provider"
		}
		v.Fail(ruleShared, malformed(sts.WordingUnknown(message)), expected, "none", f.Detail).AsModelled().Placed(&f.At)
		return
	}
	v.Pass(ruleShared, expected, "none is lacking", "")
}

func (v *visit) checkSize(r *scenario.Role) {
	size := 0
	if tree := r.AssumeRolePolicyDocument.Tree(); tree != nil {
		size = iam.Size(tree)
	}
	expected, found := fmt.Sprintf("at most %d characters", mostTrust), fmt.Sprint(size)
	if size > mostTrust {
		v.Fail(ruleSize, limitExceeded(fmt.Sprintf("Cannot exceed quota for ACLSizePerRole: %d", mostTrust)), expected, found, "A trust policy has at most 2048 characters, white space not counted; bring conditions together, or have the quota raised to 8192.")
		return
	}
	v.Pass(ruleSize, expected, found, "")
}
