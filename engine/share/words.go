package share

import "stsplayground/engine/source"

// Counts are how often each kind of change was made.
func Counts(changes []Change) map[Kind]int {
	counts := map[Kind]int{}
	for _, c := range changes {
		counts[c.Kind]++
	}
	return counts
}

// nouns are what changes are made to, one and several.
var nouns = map[Kind][2]string{
	Token:      {"token", "tokens"},
	Response:   {"SAML response", "SAML responses"},
	Encrypted:  {"encrypted part", "encrypted parts"},
	Opaque:     {"token that can't be read", "tokens that can't be read"},
	Unread:     {"response in a form that isn't read here", "responses in forms that aren't read here"},
	PrivateKey: {"private key", "private keys"},
	Secret:     {"secret", "secrets"},
	KeySet:     {"key set", "key sets"},
	Metadata:   {"metadata document", "metadata documents"},
	Account:    {"account id", "account ids"},
	Person:     {"e-mail address", "e-mail addresses"},
}

// Count is a number of things in words, such as "2 tokens".
func (k Kind) Count(n int) string { return Plural(n, nouns[k][0], nouns[k][1]) }

// Plural is a number with its noun, such as "1,204 characters".
func Plural(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return count(n) + " " + many
}

// done says what was done to the things of each kind, after their number. The
// order is that in which Sentences says them.
var done = []struct {
	kind Kind
	what string
}{
	{Token, ": claims only; the signature was dropped, and is from now on taken on trust, also where it was bad"},
	{Response, ": the signatures were dropped, and are from now on taken on trust, also where they were bad"},
	{Encrypted, " left out, and so what is in it isn't read any more"},
	{Opaque, " left out"},
	{Unread, " left out"},
	{PrivateKey, " left out"},
	{Secret, " left out"},
	{KeySet, " left out"},
	{Metadata, " left out"},
	{Account, " exchanged for stand-ins"},
	{Person, " exchanged for stand-ins"},
}

// Sentences say what was changed, a kind in each, without full stops.
func Sentences(changes []Change) []string {
	counts := Counts(changes)
	var all []string
	for _, d := range done {
		if n := counts[d.kind]; n > 0 {
			all = append(all, d.kind.Count(n)+d.what)
		}
	}
	return all
}

// Contents says what a scenario holds, a kind in each: "1 account", "2 roles".
func Contents(scenario *source.Node) []string {
	var all []string
	add := func(n int, one, many string) {
		if n > 0 {
			all = append(all, Plural(n, one, many))
		}
	}
	accounts := scenario.Get("accounts")
	of := func(name string) (n int) {
		if accounts != nil {
			for i := range accounts.Members {
				n += size(accounts.Members[i].Value.Get(name))
			}
		}
		return n
	}
	add(size(scenario.Get("calls")), "call", "calls")
	add(size(accounts), "account", "accounts")
	add(of("OpenIDConnectProviders")+of("SAMLProviders"), "identity provider", "identity providers")
	add(of("Roles"), "role", "roles")
	add(of("Users"), "user", "users")
	add(of("Policies"), "managed policy", "managed policies")
	add(of("Resources"), "resource", "resources")
	add(size(scenario.Get("issuers")), "issuer", "issuers")
	if l := scenario.Get("lesson"); l != nil && l.Kind == source.Object {
		all = append(all, "a lesson")
		if l.Get("solution") != nil {
			all[len(all)-1] = "a lesson with its solution"
		}
	}
	return all
}

func size(n *source.Node) int {
	if n == nil {
		return 0
	}
	return len(n.Items) + len(n.Members)
}

// FileName is a name for a scenario's file, made of its title, without the
// extension: letters and digits as they are, lower case, hyphens between.
func FileName(scenario *source.Node) string {
	title := ""
	if t := scenario.Get("title"); t != nil {
		title = t.Text
	}
	const longest = 60
	name := make([]byte, 0, longest)
	for _, r := range title {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r == '\'' || r == '’':
			continue
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		default:
			r = '-'
		}
		if r == '-' && (len(name) == 0 || name[len(name)-1] == '-') {
			continue
		}
		if name = append(name, byte(r)); len(name) == longest {
			break
		}
	}
	for len(name) > 0 && name[len(name)-1] == '-' {
		name = name[:len(name)-1]
	}
	if len(name) == 0 {
		return "scenario"
	}
	return string(name)
}
