package signin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Response is what the browser gets: a redirect into the console, or the role
// chooser. AWS documents no shape, so this one is the playground's own.
type Response struct {
	Location    string           `json:",omitempty"` // where the browser is sent
	RoleChooser []AccountChoices `json:",omitempty"`
	Session     *Console         `json:",omitempty"`
}

// AccountChoices are the roles of one account, as the chooser groups them.
type AccountChoices struct {
	Account string
	Roles   []string // ARNs
}

// Console is the session that the console works with; its credentials stay
// with AWS.
type Console struct {
	Arn        string
	Expiration string // RFC 3339, UTC
}

// maxForm bounds SAMLResponse: 128 KB, as Okta documents for AWS.
const maxForm = 128 << 10

// console is where a sign-in leads without RelayState.
const console = "https://console.aws.amazon.com/"

// Assume is the call of AssumeRoleWithSAML that the sign-in makes.
type Assume func(*scenario.Call) sts.Result

// Post plays the POST of a SAML response. The response has been read into
// presented; nothing of it is proven before STS is asked.
func Post(world *sts.World, call *scenario.Call, presented sts.PresentedResponse, assume Assume) sts.Result {
	w := &trace.Walk{}
	offered, readable := checkForm(w, world, call, presented)
	if !readable {
		w.Skip("The response can't be read.", ruleRoles, ruleChoice)
		sts.SkipAssumeRoleWithSAML(w, "The response can't be read.")
		return refused(w)
	}
	if !checkRoles(w, offered) {
		w.Skip("There is no role to choose.", ruleChoice)
		sts.SkipAssumeRoleWithSAML(w, "There is no role to assume.")
		r := refused(w)
		r.Advice = []trace.Advice{{Title: "Have the identity provider send the attribute Role", Why: "Its name is https://aws.amazon.com/SAML/Attributes/Role, letter by letter; each value is the ARN of a role, a comma and the ARN of the SAML provider, with no white space.", Fix: []trace.Patch{}}}
		return r
	}
	choice := checkChoice(w, call, offered)
	if w.Err != nil {
		sts.SkipAssumeRoleWithSAML(w, "There is no role to assume.")
		r := refused(w)
		r.Advice = []trace.Advice{{
			Title: "Pick " + offered.Roles[0].RoleArn, Why: "It is what the response offers; for another role the identity provider has to list it.",
			Fix: []trace.Patch{{Op: "replace", Path: call.Path + "/params/RoleArn", Value: offered.Roles[0].RoleArn}}, Widens: "Nothing: the person picks another role.",
		}}
		return r
	}
	if choice == nil {
		sts.SkipAssumeRoleWithSAML(w, "Nothing is assumed until a role is picked.")
		chooser := chooserOf(offered.Roles)
		return sts.Result{
			Steps: w.Steps, Assumed: w.Assumed, Response: &Response{RoleChooser: chooser},
			Verdict: fmt.Sprintf("If the response is good, the role chooser asks which of %d roles is meant: %s. Nothing is assumed until one is picked, which RoleArn says.", len(offered.Roles), inWords(chooser)),
		}
	}
	inner := Inner(call, *choice, offered.Seconds)
	result := assume(inner)
	w.Append(result.Steps, page(result.Error), result.Failed, result.Assumed)
	out := result // decision, session and the response's view are those of STS
	out.Inner = []sts.Inner{{Call: inner, Result: &result}}
	out.Steps, out.Error, out.Failed, out.Assumed, out.Record = w.Steps, w.Err, w.Failed, w.Assumed, nil
	out.Advice = withoutParameters(result.Advice, call.Path+"/params/")
	if w.Err != nil {
		out.Response = nil
		return out
	}
	made := result.Response.(*sts.SAMLResponse)
	out.Response = &Response{Location: cmp.Or(call.SignIn.RelayState, console), Session: &Console{made.AssumedRoleUser.Arn, made.Credentials.Expiration}}
	out.Signer = world.SessionSigner(call.Name, call)
	out.Verdict = "Signed in to the console. " + result.Verdict
	return out
}

// Inner is the call of STS that the sign-in makes for the role. How long the
// session lasts is what the response says: the form has no other place for it.
func Inner(call *scenario.Call, choice sts.Offer, seconds *int64) *scenario.Call {
	inner := &scenario.Call{
		Name: call.Name, Action: "sts:AssumeRoleWithSAML", After: call.After, Delay: call.Delay, Region: call.Region,
		Context: call.Context, Path: call.Path,
	}
	inner.Params = scenario.Params{
		RoleArn: choice.RoleArn, PrincipalArn: choice.PrincipalArn, SAMLAssertion: call.SignIn.SAMLResponse, DurationSeconds: seconds,
		Sent: []string{"RoleArn", "PrincipalArn", "SAMLAssertion"},
	}
	return inner
}

// checkForm reads what was posted.
func checkForm(w *trace.Walk, world *sts.World, call *scenario.Call, presented sts.PresentedResponse) (sts.Offered, bool) {
	const expected = "SAMLResponse, at most 128 KB of base64"
	found := endpoint(call.Region)
	if !call.SignIn.SAMLResponse.Given {
		w.Fail(ruleForm, errPage, expected, "no SAMLResponse", "The form has no SAMLResponse: whoever comes without a response of an identity provider isn't signed in by this endpoint.").AsModelled()
		return sts.Offered{}, false
	}
	if presented.Document != nil && len(presented.Document.Value) > maxForm {
		w.Fail(ruleForm, errPage, expected, fmt.Sprintf("%d characters", len(presented.Document.Value)), "The response is larger than the sign-in takes; have the identity provider send fewer roles.").AsModelled()
		return sts.Offered{}, false
	}
	offered, r := world.Offers(presented)
	if r != nil {
		w.Fail(ruleForm, errPage, expected, r.Found, r.Why).AsModelled()
		return offered, false
	}
	w.Pass(ruleForm, expected, "posted to "+found, "The sign-in reads which roles are offered; whether the response is good is for STS to say.")
	return offered, true
}

// endpoint is where the browser posts: the sign-in of a Region, or the general one.
func endpoint(region string) string {
	switch {
	case region == "":
		return "https://signin.aws.amazon.com/saml"
	case strings.HasPrefix(region, "cn-"):
		return "https://" + region + ".signin.amazonaws.cn/saml"
	case strings.HasPrefix(region, "us-gov-"):
		return "https://" + region + ".signin.amazonaws-us-gov.com/saml"
	}
	return "https://" + region + ".signin.aws.amazon.com/saml"
}

// checkRoles: without a well-formed attribute Role there is only the error page.
func checkRoles(w *trace.Walk, o sts.Offered) bool {
	const expected = "https://aws.amazon.com/SAML/Attributes/Role, each value a role's ARN and a SAML provider's with a comma between"
	found := strings.Join(o.Values, "\n")
	switch {
	case len(o.Values) == 0:
		w.Fail(ruleRoles, errPage, expected, "no such attribute", "The response has no attribute https://aws.amazon.com/SAML/Attributes/Role, letter by letter, so that nobody knows which role is meant.")
	case len(o.Malformed) > 0:
		why := fmt.Sprintf("A value of Role isn't a role's ARN and a SAML provider's ARN with a comma between: %q.", clip(o.Malformed[0]))
		if strings.Join(strings.Fields(o.Malformed[0]), "") != o.Malformed[0] {
			why = "A value of Role has white space in it, before, after or within; AWS wants the two ARNs with a comma between and nothing else."
		}
		w.Fail(ruleRoles, errPage, expected, found, why)
	default:
		w.Pass(ruleRoles, expected, found, "")
		return true
	}
	return false
}

func clip(text string) string {
	if len(text) > 120 {
		return strings.ToValidUTF8(text[:120], "") + "…"
	}
	return text
}

// checkChoice is the role that is meant; nil where the person has still to
// choose: "If the element contains multiple pairs, then the user is asked to
// choose which role to assume" (IAM guide, "Configure SAML assertions").
func checkChoice(w *trace.Walk, call *scenario.Call, o sts.Offered) *sts.Offer {
	arns := make([]string, len(o.Roles))
	for i, offer := range o.Roles {
		arns[i] = offer.RoleArn
	}
	expected := strings.Join(arns, "\n")
	if call.SignIn.RoleArn == "" {
		if len(o.Roles) == 1 {
			w.Pass(ruleChoice, expected, "the only one", "With one role there is nothing to choose.")
			return &o.Roles[0]
		}
		// Only the provider of a role has keys to check the response with.
		w.Step(ruleChoice, trace.Assumed, expected, "nothing chosen yet", "The role chooser is shown, grouped by account. Whether the response is good isn't checked here before a role is picked, by whose provider it would be.")
		w.Assumed = append(w.Assumed, ruleChoice.Code)
		return nil
	}
	for i := range o.Roles {
		if o.Roles[i].RoleArn == call.SignIn.RoleArn {
			w.Pass(ruleChoice, expected, call.SignIn.RoleArn, "")
			return &o.Roles[i]
		}
	}
	w.Fail(ruleChoice, errPage, expected, call.SignIn.RoleArn, "The chooser shows what the response offers, and "+call.SignIn.RoleArn+" isn't among it; the identity provider decides which roles it lists for whom.").AsModelled()
	return nil
}

// chooserOf groups the roles by account, in the response's order.
func chooserOf(offers []sts.Offer) (choices []AccountChoices) {
	places := map[string]int{}
	for _, o := range offers {
		account := strings.SplitN(o.RoleArn, ":", 6)[4]
		at, there := places[account]
		if !there {
			at = len(choices)
			places[account] = at
			choices = append(choices, AccountChoices{Account: account})
		}
		choices[at].Roles = append(choices[at].Roles, o.RoleArn)
	}
	return choices
}

// alone are the texts that the guide shows without what is behind them.
var alone = []string{"Specified provider doesn't exist.", "Could not parse metadata.", "Response does not contain the required audience."}

// inWords is the chooser in a line.
func inWords(choices []AccountChoices) string {
	lines := make([]string, len(choices))
	for i, c := range choices {
		names := make([]string, len(c.Roles))
		for j, arn := range c.Roles {
			names[j] = arn[strings.LastIndexByte(arn, '/')+1:]
		}
		lines[i] = strings.Join(names, ", ") + " of account " + c.Account
	}
	return clip(strings.Join(lines, "; "))
}

// page is an error of STS as the sign-in's page shows it, with the service,
// the status and the code behind the message; three texts stand alone (IAM
// guide, "Troubleshoot SAML federation with IAM"). Nil stays nil.
func page(err *trace.Error) *trace.Error {
	if err == nil || slices.Contains(alone, err.Message) {
		return err
	}
	service := "AWSSecurityTokenService"
	if strings.HasPrefix(err.Code, "AuthSaml") {
		service = "AWSOpenIdDiscoveryService"
	}
	shown := *err
	shown.Message = fmt.Sprintf("%s (service: %s; status code: %d; error code: %s)", err.Message, service, err.Status, err.Code)
	return &shown
}

// withoutParameters takes fixes out of advice that would change parameters
// which only the call of STS has.
func withoutParameters(all []trace.Advice, params string) []trace.Advice {
	for i := range all {
		for _, fix := range all[i].Fix {
			if strings.HasPrefix(fix.Path, params) && !strings.HasPrefix(fix.Path, params+"SAMLResponse/") {
				all[i].Fix, all[i].Widens = []trace.Patch{}, ""
				break
			}
		}
	}
	return all
}

// refused closes the walk of a sign-in that ends on the error page.
func refused(w *trace.Walk) sts.Result { return sts.Refused(w, "AWS's sign-in refuses.") }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
