// Package exchange takes in whatever people paste, and gives the world out as
// what other tools read. Take finds out what a text is (a token, a policy, the
// output of a command, a record of CloudTrail) and puts it where it belongs in
// a scenario. Of the AWS CLI's output and commands, CloudFormation templates
// and Terraform configurations one table (kinds) says how each thing of a
// world is called in each of them, and drives both directions.
//
// Nothing is judged here, and nothing guessed: what can't be made out stays
// as the text that it was, with a note; what is proposed is said to be.
package exchange

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// world reads what other tools wrote about a world: a document, or Terraform's
// language. Where it isn't recognised, what stays empty.
func (in *intake) world(root *source.Node) {
	switch {
	case root.Get("format_version") != nil:
		in.shown(root)
	case isTemplate(root):
		in.template(root)
	case first(root, "resource", "data") != nil:
		in.configuration(root)
	default:
		in.output(root)
	}
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
func (in *intake) summary(entries []named) string {
	account := entries[0].account
	var words []string
	var counts []int
	for _, e := range entries {
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
	if len(entries) == 1 {
		one := &entries[0]
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
