// Package exchange takes the world in from what other tools write, and gives
// it out as what they read: the AWS CLI's output and commands, CloudFormation
// templates and Terraform configurations. One table (kinds) says how each
// thing of a world is called in each of them, and drives both directions.
//
// Nothing is judged here, and nothing guessed: what can't be made out stays
// as the text that it was, with a note.
package exchange

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// Limit is how long a text may be that is imported, in bytes.
const Limit = 1 << 20

// mostEntries and mostPatch bound what one text may bring: things, and bytes
// of patch, of which references can make more than the text has.
const (
	mostEntries = 2000
	mostPatch   = 4 * Limit
)

// Imported is what a text was, and what it makes of a scenario.
type Imported struct {
	What  string        `json:"what"`  // a sentence without its stop, such as "This is the output of aws iam get-role: role deploy of account 123456789012"
	Patch []trace.Patch `json:"patch"` // on the scenario; empty where it has all of it already
	Role  string        `json:"role"`  // ARN of the role, where the text brought one and no more; "" otherwise
	Notes []string      `json:"notes"` // what was replaced, assumed or left out; a sentence without its stop each
}

// Takes lists what Import recognises, for whoever pasted something else.
const Takes = "what the AWS CLI prints (aws iam get-role, get-account-authorization-details, get-open-id-connect-provider and their like; " +
	"aws organizations describe-policy, aws s3api get-bucket-policy, aws kms get-key-policy, aws ec2 describe-vpc-endpoints, aws sts get-caller-identity), " +
	"a CloudFormation template, a Terraform configuration, and what terraform show -json prints"

// intake is one import under way.
type intake struct {
	*merger
	home    string            // account of what doesn't say its own
	assumed bool              // home is nobody's word
	named   bool              // home is that of the file, as files written here have it
	options map[string]string // of the command that was pasted with its output, by name
	role    string            // the role in view, where the text doesn't say whose something is
	what    string
	at      string // what is being read, for notes
	budget  int    // what references may still cost: a few bytes each, and what they are replaced by
}

// perReference is what looking one reference up costs of the budget, in bytes.
const perReference = 16

// Import recognises a text and says what it makes of the scenario document
// world (nil for an empty one). view is the JSON Pointer of the role that the
// reader looks at, "" for none: where a text doesn't say whose a policy is,
// it is that role's. A text that isn't recognised gives a refusal, which says
// why.
func Import(text string, world *source.Node, view string) (Imported, string) {
	in := &intake{merger: newMerger(world), budget: 2<<20 + perReference/2*len(text)} // a value takes two bytes at least
	switch {
	case len(text) > Limit:
		return Imported{}, "the text has " + strconv.Itoa(len(text)) + " bytes, and at most 1 MiB is taken in"
	case !utf8.ValidString(text):
		return Imported{}, "the text is no UTF-8"
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	in.settle(text, view)
	texts := separateOutputs(text)
	for i, one := range texts {
		in.what, in.options = "", nil
		if refusal := in.take(in.command(one)); refusal != "" {
			if len(texts) > 1 {
				refusal = "of the " + strconv.Itoa(len(texts)) + " JSON values number " + strconv.Itoa(i+1) + ": " + refusal
			}
			return Imported{}, refusal
		}
	}
	if len(texts) > 1 {
		in.what = "the output of " + strconv.Itoa(len(texts)) + " commands of the AWS CLI"
	}
	if len(in.entries) == 0 && in.named {
		in.account(in.home)
		in.entries = append(in.entries, named{"account", in.home, "", ""})
	}
	if len(in.entries) == 0 && len(in.notes) == 0 {
		return Imported{}, in.what + " has nothing in it that a scenario has a place for"
	}
	if in.assumed && slices.ContainsFunc(in.entries, func(e named) bool { return e.account == in.home && !(e.word == "organization policy" && in.attached) }) {
		in.note("no account is named; ", in.home, " stands for it")
	}
	result := Imported{What: "This is " + in.what + in.summary(), Patch: in.patch, Role: in.onlyRole(), Notes: in.notes}
	if result.Patch == nil {
		result.Patch = []trace.Patch{}
	}
	if result.Notes == nil {
		result.Notes = []string{}
	}
	return result, ""
}

// take reads the text in the language that it is in.
func (in *intake) take(text string) string {
	if text == "" {
		return "there is no text; paste " + Takes
	}
	if looksLikeHCL(text) {
		root, problem := parseHCL(text)
		if problem == "" {
			in.configuration(root)
		}
		return problem
	}
	read := source.ParseTemplate
	if text[0] == '{' || text[0] == '[' {
		read = source.ParseJSON
	}
	root, err := read(text)
	if err != nil {
		return "line " + strconv.Itoa(err.Line) + ": " + err.Reason
	}
	if m := root.Repeated(); m != nil && text[0] != '{' {
		return "line " + strconv.Itoa(m.Line) + ": " + source.Quote(m.Name) + " is there a second time"
	}
	switch {
	case root.Kind != source.Object:
	case root.Get("format_version") != nil:
		in.shown(&root)
	case isTemplate(&root):
		in.template(&root)
	case first(&root, "resource", "data") != nil:
		in.configuration(&root)
	default:
		in.output(&root)
	}
	switch {
	case in.what != "":
		return ""
	case root.Get("Statement") != nil:
		return "this is a policy by itself, which doesn't say whose it is; put it into the editor of the policy that it is"
	}
	return "this isn't recognised; paste " + Takes
}

// isTemplate says whether a document is a CloudFormation template: it has
// resources, each of a type.
func isTemplate(root *source.Node) bool {
	all := members(root.Get("Resources"))
	for i := range all {
		if strings.Contains(said(&all[i].Value, "Type"), "::") {
			return true
		}
	}
	return root.Get("AWSTemplateFormatVersion") != nil
}

// command takes off the command that printed the text, where it was copied
// along, and keeps its options.
func (in *intake) command(text string) string {
	line := strings.TrimPrefix(strings.TrimPrefix(text, "$"), " ")
	if !strings.HasPrefix(line, "aws ") {
		return text
	}
	in.options = map[string]string{}
	command, rest, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(line, "\\\r\n", " "), "\\\n", " "), "\n")
	words := strings.Fields(strings.ReplaceAll(command, "=", " "))
	for i, option := range words {
		if name, ok := strings.CutPrefix(option, "--"); ok && i+1 < len(words) {
			in.options[name] = strings.Trim(words[i+1], `"'`)
		}
	}
	return strings.TrimSpace(rest)
}

// settle finds the account of what doesn't say its own: a federated principal
// is of the role's own account (IAM guide, reference_policies_elements_principal);
// else the account in view, or the first of the scenario.
func (in *intake) settle(text, view string) {
	accounts := in.root.Get("accounts")
	if parts := strings.Split(view, "/"); len(parts) == 5 && parts[1] == "accounts" && parts[3] == "Roles" {
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

// full says whether the text brought as much as is taken, and notes it.
func (in *intake) full() bool {
	if len(in.entries) < mostEntries && in.size < mostPatch {
		return false
	}
	in.note("only the first ", plural(len(in.entries), "thing"), " are taken in")
	return true
}

// add puts in one entry. One without a name can't be told from others; a
// fallback is a name that stands for it elsewhere, "" for none.
func (in *intake) add(k *kind, account string, entry *source.Node, fallback string) {
	id := &k.fields[0]
	name := said(entry, id.name)
	if name == "" {
		if name = word(id.read(texted(fallback), k, account)); name == "" {
			in.note("a ", k.word, " is left out: it has no ", id.name)
			return
		}
		rest := entry.Members
		entry = object(id.name, str(name))
		entry.Members = append(entry.Members, rest...)
	}
	if metadata := said(entry, "SAMLMetadataDocument"); strings.HasPrefix(metadata, "${") || strings.HasPrefix(metadata, "{") {
		// A reference that isn't known, in Terraform mostly a file's content.
		entry.Members = slices.DeleteFunc(entry.Members, func(m source.Member) bool { return m.Name == "SAMLMetadataDocument" })
		in.note("SAML provider ", source.Clip(name), ": it is without its metadata document, which isn't in the text")
	}
	switch {
	case in.full():
	case k.place == "Organization":
		in.mergeOrganization(entry, account)
	default:
		in.merge(k, account, entry)
	}
}

// keptKey is where a file written here has what it doesn't make, as an account
// of a scenario has that: in a template's Metadata, and as a local of
// Terraform. Both stand for nothing there.
const (
	keptKey = "NotMadeHere"
	keptFor = "  # What is there already, for STS Playground to take in again.\n  " + keptKey
)

// kept puts that in.
func (in *intake) kept(all *source.Node) {
	for _, place := range standing {
		k := partOf(place, "")
		for _, entry := range items(all.Get(place)) {
			in.add(k, in.home, k.read(api, entry, in.home), "")
		}
	}
}

// onlyRole is the ARN of the role that was put in, where that was one.
func (in *intake) onlyRole() string {
	roles, arn := 0, ""
	k := partOf("Roles", "")
	for _, e := range in.entries {
		if e.word == k.word {
			roles++
			all := in.root.Get("accounts").Get(e.account).Get(k.place)
			arn = arnOf(k, e.account, &all.Items[find(all, "RoleName", e.name)])
		}
	}
	if roles != 1 {
		return ""
	}
	return arn
}

// summary says what was put in: its name where it is one thing, else how many
// of each kind; and the account where it is one.
func (in *intake) summary() string {
	if len(in.entries) == 0 {
		return ""
	}
	account := in.entries[0].account
	var words []string
	var counts []int
	for _, e := range in.entries {
		if e.account != account {
			account = ""
		}
		at := slices.Index(words, e.word)
		if at < 0 {
			at = len(words)
			words, counts = append(words, e.word), append(counts, 0)
		}
		counts[at]++
	}
	said := ": "
	if len(in.entries) == 1 {
		one := &in.entries[0]
		said += one.word + " " + source.Clip(one.name)
		if one.of != "" {
			said += " of " + source.Clip(one.of)
		}
	} else {
		for i := range words {
			if i > 0 {
				said += ", "
			}
			said += plural(counts[i], words[i])
		}
	}
	if account != "" {
		said += " of account " + account
	}
	return said
}

// plural is a number of things, such as "2 policies".
func plural(n int, word string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(word, "y") && word != "key":
		word = strings.TrimSuffix(word, "y") + "ies"
	default:
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}
