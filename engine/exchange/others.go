package exchange

import (
	"strings"

	"stsplayground/engine/share"
	"stsplayground/engine/source"
)

// isScenario says whether a document is a scenario: it has calls, or accounts
// by their numbers, or the world outside.
func isScenario(n *source.Node) bool {
	if calls := n.Get("calls"); is(calls, source.Array) && (len(calls.Items) == 0 || calls.Items[0].Get("action") != nil) {
		return true
	}
	if accounts := n.Get("accounts"); is(accounts, source.Object) {
		return len(accounts.Members) == 0 || isAccount(accounts.Members[0].Name)
	}
	issuers := n.Get("issuers")
	return is(issuers, source.Array) && len(issuers.Items) > 0 && first(&issuers.Items[0], "url", "entityId") != nil
}

// takeScenario puts a scenario in the place of the one there. Alone it is
// taken as it was written, for whoever reads it to say what is wrong with it.
func (in *intake) takeScenario(p *piece, several bool) string {
	title := "a scenario"
	if words := said(p.node, "title"); words != "" {
		title += ", " + source.Quote(words)
	}
	in.what = title
	calls := len(items(p.node.Get("calls")))
	in.note("it takes the place of the one that was here; it has ", plural(calls, "call"))
	if several {
		root := clone(*p.node)
		in.root = &root
		in.do("replace", "", p.node)
	} else {
		in.scenario = p.text
	}
	in.call, in.role, in.view.Role = 0, "", ""
	in.look("result")
	return ""
}

// findLink is the link to a scenario that a text is or has; "" for none.
func findLink(text string) string {
	at := strings.Index(text, "#s=")
	if at < 0 {
		payload, ok := strings.CutPrefix(strings.TrimPrefix(text, "s="), "1.")
		if ok && len(payload) > 20 && endOfRun(payload, 0) == len(payload) && !strings.Contains(payload, ".") {
			return text
		}
		return ""
	}
	if strings.ContainsAny(text[:at], " \n") {
		at = strings.LastIndexAny(text[:at], " \t\r\n\"'<") + 1
	} else {
		at = 0
	}
	link := text[at:]
	if end := strings.IndexAny(link, " \t\r\n\"'<>"); end >= 0 {
		link = link[:end]
	}
	return link
}

// takeLink opens a link to a scenario.
func (in *intake) takeLink(link string) string {
	text, _, problem := share.Decode(link)
	if problem != "" {
		return problem
	}
	root, err := source.ParseJSON(text)
	if err != nil {
		return "the link has no scenario in it: " + err.Reason
	}
	problem = in.takeScenario(&piece{text: text, node: &root}, false)
	in.what = strings.Replace(in.what, "a scenario", "a link to a scenario", 1)
	return problem
}

// takeWorld takes in what another tool wrote about a world.
func (in *intake) takeWorld(p *piece) string {
	before, notes := len(in.entries), len(in.notes)
	switch m := p.node.Repeated(); {
	case looksLikeHCL(p.text):
		in.configuration(p.node)
	case m != nil && p.text != "" && p.text[0] != '{':
		return repeated(m)
	default:
		in.world(p.node)
	}
	if len(in.entries) == before && in.named {
		in.account(in.home)
		in.entries = append(in.entries, named{"account", in.home, "", ""})
	}
	if len(in.entries) == before && len(in.notes) == notes {
		return in.what + " has nothing in it that a scenario has a place for"
	}
	in.named = false
	in.look("role")
	return ""
}

// refuseSecret says why a secret isn't taken in.
func (in *intake) refuseSecret(what string) string {
	return "this is " + what + ", which is a secret: it signs or opens what nobody else may; keep it to yourself, and paste what is public"
}

// takeError leads from an error to what it can mean. Where the text has more
// than the error, that went in first.
func (in *intake) takeError(words string) string {
	if in.explain == "" {
		in.explain = words
	}
	if len(in.told) == 0 {
		in.what = "an error of AWS; what it can mean stands in “Explain an error”"
	} else {
		in.what = "an error of AWS"
	}
	return ""
}

// isWorkflow says whether a document is a workflow of GitHub Actions in which
// credentials of AWS are asked for.
func isWorkflow(n *source.Node) bool {
	return is(n.Get("jobs"), source.Object) && strings.Contains(n.JSON(""), "role-to-assume")
}

// takeWorkflow has the call ask for the role of a workflow's job, with a token
// as such a job gets.
func (in *intake) takeWorkflow(n *source.Node) string {
	in.what = "a workflow of GitHub Actions"
	const iss = "https://token.actions.githubusercontent.com"
	jobs := n.Get("jobs")
	for i := range jobs.Members {
		job := &jobs.Members[i]
		for _, step := range items(job.Value.Get("steps")) {
			with := step.Get("with")
			arn := said(with, "role-to-assume")
			if arn == "" {
				continue
			}
			in.what += ", job " + source.Clip(job.Name)
			permissions := first(&job.Value, "permissions")
			if permissions == nil {
				permissions = n.Get("permissions")
			}
			if said(permissions, "id-token") != "write" && word(permissions) != "write-all" {
				in.note("the job lacks permissions: id-token: write, so that it gets no token (GitHub docs, OpenID Connect in AWS)")
			}
			if account, _ := roleOf(arn); account == "" {
				in.note("role-to-assume is ", source.Quote(arn), ", which isn't known here; paste the role's ARN")
			} else {
				in.askFor(arn)
			}
			aud := said(with, "audience")
			if aud == "" {
				aud = "sts.amazonaws.com"
			}
			claims := object("aud", str(aud))
			if environment := word(job.Value.Get("environment")); environment != "" {
				set(claims, "environment", str(environment))
			}
			in.playgroundKeys(iss)
			in.asking(withToken)
			if given(in.param("WebIdentityToken")) == nil {
				in.present(object("mint", object("issuer", str(iss), "profile", str("github-actions"), "claims", claims)), claims)
				in.note("a token as such a job gets is minted; say in its claims which repository and branch it is of")
			}
			if name := said(with, "role-session-name"); name != "" && !strings.Contains(name, "${{") {
				in.write(str(name), "calls", itoa(in.call), "params", "RoleSessionName")
			}
			if account, _ := roleOf(word(in.param("RoleArn"))); account != "" && find(in.root.Get("accounts").Get(account).Get("OpenIDConnectProviders"), "Url", iss) < 0 {
				in.register(account, iss, []string{aud})
			}
			in.look("result")
			return ""
		}
	}
	return "this is a workflow of GitHub Actions in which no step asks for a role"
}

// serviceAccount is what the manifest of a Kubernetes service account says of
// its role (EKS guide, associate-service-account-role).
func serviceAccount(n *source.Node) []piece {
	arn := said(n.Get("metadata").Get("annotations"), "eks.amazonaws.com/role-arn")
	if arn == "" {
		return nil
	}
	return []piece{{kind: someSettings, node: object("RoleArn", str(arn))}}
}
