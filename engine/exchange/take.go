package exchange

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// Limit is how long a text may be that is taken in, in bytes.
const Limit = 1 << 20

// mostEntries and mostPatch bound what one text may bring: things, and bytes
// of patch, of which references can make more than the text has.
const (
	mostEntries = 2000
	mostPatch   = 4 * Limit
)

// Input is one text that was pasted, or one file. Text is its bytes, of a file
// larger than Limit the first ones; Size is how many it has, where that is
// more than Text has. Name is a file's, "" for what was pasted.
type Input struct {
	Name string
	Size int
	Text string
}

// View is what the reader looks at while something is pasted. The zero value
// is a reader of an empty scenario who has no clock.
type View struct {
	Role string `json:"role"` // JSON Pointer of the role in view, "" for none
	Call int    `json:"call"` // number of the call in view, of those that come in by the front door
	Now  string `json:"now"`  // RFC 3339, the reader's clock; "" where it isn't known
	As   string `json:"as"`   // one of Taken.Others: what the text is to be taken for
}

// Taken is what a text was taken for, and what it makes of a scenario.
type Taken struct {
	What     string        `json:"what"`     // a sentence without its stop, such as "This is an OIDC token of GitHub Actions"
	Patch    []trace.Patch `json:"patch"`    // on the scenario; empty where it has all of it already
	Scenario string        `json:"scenario"` // the text of a whole scenario, which takes the place of the one there; "" for none
	Notes    []string      `json:"notes"`    // what was proposed, replaced, assumed or left out; a sentence without its stop each
	Commands []Command     `json:"commands"` // what prints what is still wanted
	Others   []Other       `json:"others"`   // what else the text can be taken for
	Call     int           `json:"call"`     // number of the call to look at next
	Pane     string        `json:"pane"`     // where to look next: token, role or result; "" where nothing changed
	Explain  string        `json:"explain"`  // an error of AWS that stands in the text; "" for none
	Editor   string        `json:"editor"`   // the page's editor that it belongs into: token, response, metadata, jwks, trust or policy; "" for any other place
	AsIs     bool          `json:"asIs"`     // the text belongs there as it stands
}

// Command is a command line for the reader's own shell, and what it is for.
type Command struct {
	Why  string `json:"why"`
	Line string `json:"line"`
}

// Other is another thing that the text can be taken for: As goes into View,
// Label says it on a button.
type Other struct {
	As    string `json:"as"`
	Label string `json:"label"`
}

// Takes lists what Take recognises, for whoever pasted something else.
const Takes = "a token, a SAML response, a key set, a discovery document, metadata, a policy, what the AWS CLI prints or is told (aws iam, aws sts and their like), " +
	"a CloudFormation template, a Terraform configuration or state, a CloudTrail record, a token's claims, a workflow of GitHub Actions, a line with an error of AWS, a scenario, or a link to one"

// intake is what is being taken in.
type intake struct {
	*merger
	view      View
	home      string            // account of what doesn't say its own
	assumed   bool              // home is nobody's word
	named     bool              // home is that of the file, as files written here have it
	options   map[string]string // of the command that was pasted with its output, by name
	role      string            // the role in view, where the text doesn't say whose something is
	what      string            // the piece that is being read
	at        string            // what is being read, for notes
	told      []string          // what the pieces before it were
	header    *source.Node      // of a token, where it stands before its claims
	call      int               // number of the call in view
	asks      bool              // the text itself says which role is asked for
	pane      string
	explain   string
	editor    string
	asIs      bool
	scenario  string
	commands  []Command
	others    []Other
	budget    int // what references may still cost: a few bytes each, and what they are replaced by
	recordsAt int // number of the call that the first record became, -1 for none
}

// perReference is what looking one reference up costs of the budget, in bytes.
const perReference = 16

// Take recognises texts and says what they make of the scenario document
// world (nil for an empty one). Several things, of one text or of several, are
// taken in together; what one of them needs of another comes first. A text
// that isn't recognised gives a refusal, which says why.
func Take(inputs []Input, world *source.Node, view View) (Taken, string) {
	in := &intake{merger: newMerger(world), view: view, call: max(0, view.Call), recordsAt: -1}
	var pieces []piece
	var refusals []string
	for _, input := range inputs {
		text, problem := readable(input)
		if problem == "" {
			in.budget += 2<<20 + perReference/2*len(text) // a value takes two bytes at least
			all := separate(text)
			for i := range all {
				all[i].file = input.Name
			}
			pieces = append(pieces, all...)
		} else {
			refusals = append(refusals, inFile(input.Name, problem))
		}
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return int(a.kind) - int(b.kind) })
	several := len(pieces) > 1 || len(inputs) > 1
	for i := range pieces {
		p := &pieces[i]
		if p.kind > aTrustPolicy {
			in.askForOnlyRole() // a token is for the role that came along
		}
		in.settle(p.text)
		in.what, in.options = "", nil
		before := len(in.entries)
		if problem := in.place(p, several); problem != "" {
			refusals = append(refusals, inFile(p.file, problem))
			continue
		}
		if len(in.entries) > before {
			in.what += in.summary(in.entries[before:])
		}
		if in.what != "" {
			in.told = append(in.told, in.what)
		}
	}
	if len(in.told) == 0 || len(inputs) == 1 && len(refusals) > 0 && len(pieces) == 1 {
		return Taken{}, strings.Join(refusals, "; ")
	}
	for _, refusal := range refusals {
		in.note("left out: ", refusal)
	}
	in.askForOnlyRole()
	if in.assumed && slices.ContainsFunc(in.entries, func(e named) bool { return e.account == in.home && !(e.word == "organization policy" && in.attached) }) {
		in.note("no account is named; ", in.home, " stands for it")
	}
	return in.taken(), ""
}

// taken is what came of it, with empty lists in place of none.
func (in *intake) taken() Taken {
	t := Taken{
		What: in.sentence(), Patch: in.patch, Scenario: in.scenario, Notes: in.notes, Commands: in.commands, Others: in.others,
		Call: in.call, Pane: in.pane, Explain: in.explain, Editor: in.editor, AsIs: in.asIs,
	}
	if len(in.told) > 1 {
		t.Editor, t.AsIs = "", false
	}
	if t.Patch == nil {
		t.Patch = []trace.Patch{}
	}
	if t.Notes == nil {
		t.Notes = []string{}
	}
	return t
}

// mostSaid is how many things a sentence tells of by name.
const mostSaid = 4

// sentence says what everything was, such as "This is a key set of 2 keys".
func (in *intake) sentence() string {
	if len(in.told) == 1 {
		return "This is " + in.told[0]
	}
	said := "These are " + strconv.Itoa(len(in.told)) + " things: "
	for i, what := range in.told {
		switch {
		case i == mostSaid && len(in.told) > mostSaid+1:
			return said + " and " + plural(len(in.told)-mostSaid, "other")
		case i == 0:
		case len(in.told) == 2:
			said += ", and "
		case i == len(in.told)-1:
			said += "; and "
		default:
			said += "; "
		}
		said += what
	}
	return said
}

// inFile says which file a sentence is about, if it is about one.
func inFile(name, sentence string) string {
	if name == "" {
		return sentence
	}
	return source.Clip(name) + ": " + sentence
}

// look says where to look for what was taken in; the first that matters counts.
func (in *intake) look(pane string) {
	if in.pane == "" || pane == "result" {
		in.pane = pane
	}
}

// belongs names the editor that a text belongs into.
func (in *intake) belongs(editor string, asIs bool) { in.editor, in.asIs = editor, asIs }

// other offers to take the text for something else, unless it was so already.
func (in *intake) other(as, label string) {
	if in.view.As != as {
		in.others = append(in.others, Other{as, label})
	}
}

// offered is how the text is to be taken: as the reader chose, else as the
// usual.
func (in *intake) offered(usual string, choices ...string) string {
	if slices.Contains(choices, in.view.As) {
		return in.view.As
	}
	return usual
}

// settle finds the account of what doesn't say its own: a federated principal
// is of the role's own account (IAM guide, reference_policies_elements_principal);
// else the account in view, or the first of the scenario.
func (in *intake) settle(text string) {
	in.home, in.assumed = "", false
	accounts := in.root.Get("accounts")
	if parts := strings.Split(in.view.Role, "/"); len(parts) == 5 && parts[1] == "accounts" && parts[3] == "Roles" {
		in.home = parts[2]
		if i, err := strconv.Atoi(parts[4]); err == nil {
			if roles := in.entriesOf(in.home, "Roles"); 0 <= i && i < len(roles) {
				in.role = said(roles[i], "RoleName")
			}
		}
	}
	if federated := federatedAccount(text); federated != "" {
		in.home = federated
	}
	if in.home == "" && accounts != nil && len(accounts.Members) > 0 {
		in.home = accounts.Members[0].Name
		in.assumed = len(accounts.Members) > 1
	}
	if !isAccount(in.home) {
		in.home, in.assumed = "123456789012", true
	}
}

// federatedAccount is the account of the first provider that the text names.
func federatedAccount(text string) string {
	for _, provider := range []string{":oidc-provider/", ":saml-provider/"} {
		if at := strings.Index(text, provider); at > 12 && isAccount(text[at-12:at]) {
			return text[at-12 : at]
		}
	}
	return ""
}

// askForOnlyRole has the call in view ask for the role that came alone.
func (in *intake) askForOnlyRole() {
	arn := in.onlyRole()
	was := word(in.param("RoleArn"))
	if arn == "" || was == "" || arn == was || in.asks {
		return
	}
	in.write(str(arn), "calls", strconv.Itoa(in.call), "params", "RoleArn")
	in.note("the call asks for ", arn, ", no longer for ", source.Clip(was))
}

// write puts a value at a place of the document: names of members, numbers of
// a list's items, "-" for behind the last. Parents that are missing are made.
func (m *merger) write(value *source.Node, names ...string) {
	n, path := m.root, ""
	last := len(names) - 1
	for i, name := range names[:last] {
		kind := source.Object
		if isIndex(names[i+1]) {
			kind = source.Array
		}
		if n.Kind == source.Array {
			at, err := strconv.Atoi(name)
			if err != nil || at >= len(n.Items) {
				return
			}
			n, path = &n.Items[at], path+"/"+name
			continue
		}
		n, path = m.member(n, path, name, kind)
	}
	switch at, err := strconv.Atoi(names[last]); {
	case n.Kind != source.Array:
		if old := n.Get(names[last]); old == nil || !same(old, value) || old.Kind != value.Kind {
			m.put(n, source.Pointer(path, names[last]), names[last], value)
		}
	case names[last] == "-":
		m.append(n, path, value)
	case err == nil && at < len(n.Items):
		m.do("replace", path+"/"+names[last], value)
		n.Items[at] = *value
	}
}

// erase takes out a member, where it is there.
func (m *merger) erase(names ...string) {
	n, path := m.root, ""
	for _, name := range names[:len(names)-1] {
		path = source.Pointer(path, name)
		if at, err := strconv.Atoi(name); n != nil && n.Kind == source.Array && err == nil && at < len(n.Items) {
			n = &n.Items[at]
		} else {
			n = n.Get(name)
		}
	}
	name := names[len(names)-1]
	if n.Get(name) == nil {
		return
	}
	m.patch = append(m.patch, trace.Patch{Op: "remove", Path: source.Pointer(path, name)})
	n.Members = slices.DeleteFunc(n.Members, func(m source.Member) bool { return m.Name == name })
}

// isIndex says whether a name of a place is an item's of a list; an account's
// has twelve digits.
func isIndex(name string) bool {
	return name == "-" || name != "" && len(name) < 12 && strings.Trim(name, "0123456789") == ""
}
