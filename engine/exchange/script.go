package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// script is a Bash script of AWS CLI commands. It stops at the first that
// fails, and before it makes anything in another account.
func script(o *outlet) string {
	var b strings.Builder
	b.WriteString("#!/usr/bin/env bash\n")
	comment(&b, o.heading("AWS CLI commands"))
	b.WriteString("set -euo pipefail\nexport AWS_PAGER= # nothing waits for a key\n")
	if o.account != "" {
		b.WriteString("\nif [ \"$(" + aws + "sts get-caller-identity --query Account --output text)\" != " + o.account + " ]; then\n" +
			"  echo 'The credentials are not those of account " + o.account + ".' >&2\n  exit 1\nfi\n")
	}
	for i := range o.all {
		b.WriteByte('\n')
		o.all[i].command(&b)
	}
	return b.String()
}

const aws = "aws "

// command writes the command that makes one thing.
func (t *thing) command(b *strings.Builder) {
	k := t.kind
	var words strings.Builder
	for i := range k.fields {
		f := &k.fields[i]
		n := f.write(commands, k, t.entry)
		if n == nil {
			if f.name == "SAMLMetadataDocument" {
				words.WriteString(" \\\n  --saml-metadata-document file://" + t.label + ".xml")
			}
			continue
		}
		argument := word(n)
		switch {
		case n.Kind != source.Array && n.Kind != source.Object:
		case k.place == "Organization":
			argument = n.JSON("") // of which AWS counts the white space too (Organizations guide, orgs_reference_limits)
		case f.form == document:
			argument = n.JSON("  ")
		default:
			argument = n.JSON("")
		}
		if !sayable(argument, f.form) {
			comment(b, []string{k.word + " " + source.Quote(t.name()) + " is left out: the AWS CLI would not take its " + f.name + " for what it is."})
			return
		}
		words.WriteString(" \\\n  --" + f.in[commands])
		if strings.HasPrefix(argument, "-") {
			words.WriteByte('=')
		} else {
			words.WriteByte(' ')
		}
		words.WriteString(quote(argument))
	}
	command := aws + k.in[commands] + words.String()
	if k.place == "Organization" {
		command = "policy=$(" + command + " \\\n  --query Policy.PolicySummary.Id --output text)"
		for _, target := range items(t.entry.Get("TargetIds")) {
			command += "\n" + aws + "organizations attach-policy --policy-id \"$policy\" --target-id " + quote(word(target))
		}
	}
	b.WriteString(command + "\n")
}

// sayable says whether the AWS CLI takes an argument as it stands. One that
// begins as these do it would read from there (AWS CLI guide,
// cli-usage-parameters-file), save a provider's URL, and none can hold a NUL.
func sayable(argument string, of form) bool {
	for _, scheme := range []string{"file://", "fileb://", "http://", "https://"} {
		if strings.HasPrefix(argument, scheme) && of != issuer {
			return false
		}
	}
	return strings.IndexByte(argument, 0) < 0
}

// quote is one word of a shell command. Inside of single quotes the shell
// takes everything as it stands (POSIX XCU §2.2.2).
func quote(s string) string {
	plain := s != ""
	for i := range len(s) {
		c := s[i]
		plain = plain && (c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("@%+=:,./_-", c) >= 0)
	}
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
