package page

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/source"
	"stsplayground/web/tools"
)

// world is a scenario as the shell's controls show it. The controls are
// filled by the same pointers that the page's program resolves, so that the
// page can be read before the program runs, and without it.
type world struct {
	text   string
	root   source.Node
	names  *strings.Replacer // the names in braces, resolved
	report engine.Report
	token  string        // as presented or minted, or the response that was minted, "" for none
	lesson *tools.Lesson // what the scenario teaches; nil for one that is no lesson
}

// course is the title of the lesson's course.
func (w world) course() string {
	if w.lesson == nil {
		return ""
	}
	return w.lesson.Course
}

// readWorld reads a scenario's JSON, and from its report the token that was
// minted; text that is no JSON gives an empty world.
func readWorld(scenarioJSON string, r engine.Report) world {
	w := world{text: scenarioJSON, report: r, names: strings.NewReplacer()}
	root, err := source.ParseJSON(scenarioJSON)
	if err != nil {
		return w
	}
	w.root = root
	w.lesson = tools.LessonOf(&root)
	door := w.frontDoor()
	if door < len(r.Calls) && r.Calls[door].Token != nil {
		w.token = r.Calls[door].Token.Compact
	} else if door < len(r.Calls) && r.Calls[door].SAML != nil {
		w.token = r.Calls[door].SAML.Minted
	}
	call := w.at("/calls/" + strconv.Itoa(door))
	account, role := w.role(call.Get("params").Get("RoleArn"))
	issuer := w.issuer(call)
	w.names = strings.NewReplacer(
		"{call}", strconv.Itoa(door),
		"{account}", account,
		"{around}", account,
		"{role}", strconv.Itoa(role),
		"{issuer}", strconv.Itoa(issuer),
		"{provider}", strconv.Itoa(w.provider(account, issuer)),
		"{saml}", strconv.Itoa(w.samlProvider(call, account)),
	)
	return w
}

// frontDoor is the operation by which the first call came in: itself, else
// the one that its caller names, else the scenario's first.
func (w world) frontDoor() int {
	calls := w.at("/calls")
	if calls == nil || len(calls.Items) == 0 {
		return 0
	}
	opens := func(call *source.Node) bool {
		action := call.Get("action")
		return action == nil || engine.IsOperation(textOf(action), false)
	}
	caller, first := textOf(calls.Items[0].Get("caller")), -1
	for i := range calls.Items {
		call := &calls.Items[i]
		switch {
		case !opens(call):
		case i == 0, textOf(call.Get("name")) == caller:
			return i
		case first < 0:
			first = i
		}
	}
	return max(0, first)
}

// accounts are the numbers of the scenario's accounts.
func (w world) accounts() (ids []string) {
	if all := w.at("/accounts"); all != nil {
		for i := range all.Members {
			ids = append(ids, all.Members[i].Name)
		}
	}
	return ids
}

// role is the account and the role's index that an ARN names, by the rules of
// the contract in doc.go.
func (w world) role(arn *source.Node) (account string, role int) {
	accounts := w.at("/accounts")
	if accounts == nil {
		return "", 0
	}
	parts := strings.SplitN(textOf(arn), ":", 6) // arn:aws:iam::123456789012:role/path/name
	named := len(parts) == 6
	switch {
	case named && accounts.Get(parts[4]) != nil:
		account = parts[4]
	case len(accounts.Members) > 0:
		account = accounts.Members[0].Name
	}
	roles := accounts.Get(account).Get("Roles")
	if !named || roles == nil {
		return account, 0
	}
	name := parts[5][strings.LastIndexByte(parts[5], '/')+1:]
	for i := range roles.Items {
		if textOf(roles.Items[i].Get("RoleName")) == name {
			return account, i
		}
	}
	return account, 0
}

// issuer is the index of the issuer that mints the call's token, else 0.
func (w world) issuer(call *source.Node) int {
	url := textOf(call.Get("params").Get("WebIdentityToken").Get("mint").Get("issuer"))
	return w.indexOf("/issuers", "url", url)
}

// provider is the index of the account's OIDC provider for that issuer, else 0.
func (w world) provider(account string, issuer int) int {
	url := textOf(w.at("/issuers/" + strconv.Itoa(issuer) + "/url"))
	return w.indexOf("/accounts/"+account+"/OpenIDConnectProviders", "Url", url)
}

// samlProvider is the index of the account's SAML provider that the call's
// PrincipalArn names, else 0.
func (w world) samlProvider(call *source.Node, account string) int {
	arn := textOf(call.Get("params").Get("PrincipalArn"))
	_, name, _ := strings.Cut(arn, ":saml-provider/")
	return w.indexOf("/accounts/"+account+"/SAMLProviders", "Name", name)
}

// indexOf is the index of the first item whose member has the value, else 0.
func (w world) indexOf(list, member, value string) int {
	if items := w.at(list); items != nil {
		for i := range items.Items {
			if textOf(items.Items[i].Get(member)) == value {
				return i
			}
		}
	}
	return 0
}

// at is the value at a JSON Pointer, names in braces resolved; nil for none.
func (w world) at(pointer string) *source.Node {
	return w.root.At(w.names.Replace(pointer))
}

// value is what a control at the pointer shows: a string's text, a number's
// digits, a list of strings one a line, anything else as indented JSON.
func (w world) value(pointer string) string {
	node := w.at(pointer)
	if node == nil {
		return ""
	}
	switch node.Kind {
	case source.Invalid, source.Null:
		return ""
	case source.Object:
		return w.indented(*node)
	case source.Array:
		lines := make([]string, len(node.Items))
		for i, item := range node.Items {
			if item.Kind != source.String {
				return w.indented(*node)
			}
			lines[i] = item.Text
		}
		return strings.Join(lines, "\n")
	}
	return node.Text
}

func (w world) indented(n source.Node) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(w.text[n.Offset:n.End]), "", "  "); err != nil {
		return w.text[n.Offset:n.End]
	}
	return b.String()
}

// keysMode is what STS finds at the issuer, as #keys-mode names it.
func (w world) keysMode() string {
	issuer := w.at("/issuers/{issuer}")
	reachable := issuer.Get("reachable")
	switch {
	case reachable != nil && reachable.Text == "false":
		return "unreachable"
	case issuer.Get("jwks") != nil:
		return "pasted"
	case issuer.Get("signing") != nil:
		return "playground"
	}
	return "none"
}

// signingAlgorithms are those that a playground key may have.
func signingAlgorithms() []choice {
	choices := []choice{{Value: "", Words: "RS256, the default"}}
	for _, alg := range []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"} {
		choices = append(choices, choice{Value: alg, Words: alg})
	}
	return choices
}

// metadataMode is what is registered as the SAML provider's metadata, as
// #metadata-mode names it.
func (w world) metadataMode() string {
	provider := w.at("/accounts/{account}/SAMLProviders/{saml}")
	switch {
	case provider.Get("SAMLMetadataDocument") != nil:
		return "pasted"
	case provider.Get("metadataOf") != nil:
		return "playground"
	}
	return "none"
}

// keyMode is the private key for encrypted assertions, as #private-key names it.
func (w world) keyMode() string {
	switch key := w.at("/accounts/{account}/SAMLProviders/{saml}/privateKeys/0"); {
	case key == nil:
		return "none"
	case textOf(key) == "playground":
		return "playground"
	}
	return "pasted"
}

// minted is a member of what is minted; where it is left out the first
// choice, and "" where nothing is minted.
func (w world) minted(pointer, member string, choices []choice) string {
	switch {
	case w.at(pointer) == nil:
		return ""
	case w.value(pointer+"/"+member) != "":
		return w.value(pointer + "/" + member)
	case len(choices) > 0:
		return choices[0].Value
	}
	return ""
}

// textOf is a string's text; empty for anything else.
func textOf(n *source.Node) string {
	if n == nil || n.Kind != source.String {
		return ""
	}
	return n.Text
}
