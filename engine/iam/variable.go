package iam

import "strings"

// A part of a value is either text (a pattern, see pattern.go) or, where Key
// is set, a variable.
type part struct {
	text        string
	key         string // folded
	written     string // the key as written
	fallback    string
	hasFallback bool
}

// splitVariables cuts a value into its parts (IAM User Guide,
// reference_policies_variables). ${*}, ${?} and ${$} are the characters
// themselves. What has no variable's form stays text. like says that * and ?
// outside variables are wildcards.
func splitVariables(value string, like bool) []part {
	var parts []part
	var text strings.Builder
	literal := func(s string) {
		if like {
			s = toPattern(s)
		}
		text.WriteString(s)
	}
	for {
		before, rest, found := strings.Cut(value, "${")
		literal(before)
		if !found {
			break
		}
		v, after, ok := readVariable(rest)
		switch {
		case !ok:
			literal("${")
			value = rest
			continue
		case v.key == "":
			text.WriteString(v.text) // an escaped character, never a wildcard
		default:
			if text.Len() > 0 {
				parts = append(parts, part{text: text.String()})
				text.Reset()
			}
			parts = append(parts, v)
		}
		value = after
	}
	if text.Len() > 0 || len(parts) == 0 {
		parts = append(parts, part{text: text.String()})
	}
	return parts
}

// longestKey bounds a variable's key, in bytes. A provider's URL has at most
// 255 characters (API reference of CreateOpenIDConnectProvider), a tag's key
// 128. It also keeps a text of many "${" from being searched again for each.
const longestKey = 512

// readVariable reads what follows "${" up to and with its "}".
func readVariable(s string) (v part, after string, ok bool) {
	end := strings.IndexAny(s[:min(len(s), longestKey+1)], "},")
	if end < 0 {
		return part{}, "", false
	}
	key := strings.TrimSpace(s[:end])
	if s[end] == '}' {
		switch key {
		case "*", "?", "$":
			return part{text: key}, s[end+1:], true
		}
		return part{key: foldKey(key), written: key}, s[end+1:], key != ""
	}
	// "surround the default value with single quotes, and separate the
	// variable text and the default value with a comma and space"
	quoted, opened := strings.CutPrefix(strings.TrimLeft(s[end+1:], " "), "'")
	if !opened {
		return part{}, "", false
	}
	fallback, rest, closed := strings.Cut(quoted, "'")
	after, finished := strings.CutPrefix(strings.TrimLeft(rest, " "), "}")
	ok = closed && finished && key != ""
	return part{key: foldKey(key), written: key, fallback: fallback, hasFallback: true}, after, ok
}

// hasVariables says whether text would hold a variable in Version 2012-10-17.
func hasVariables(text string) bool {
	if !strings.Contains(text, "${") {
		return false
	}
	parts := splitVariables(text, false)
	return len(parts) > 1 || parts[0].key != ""
}

// longestResolved bounds a value whose variables are replaced, in bytes: it is
// compared with what requests carry, and a token has at most 20,000 characters
// (API reference of AssumeRoleWithWebIdentity). A long value that is put in
// many times would fill the memory.
const longestResolved = 32 << 10

// resolve puts the request's values in place of the variables. Only a
// single-valued key can be a variable ("you cannot use a multivalued context
// key as a policy variable"); without a value "the value is effectively null",
// as is, modelled, one that grows beyond longestResolved.
func resolve(parts []part, ctx *Context) (pattern string, ok bool) {
	var b strings.Builder
	for i := range parts {
		p := &parts[i]
		if p.key == "" {
			b.WriteString(p.text)
			continue
		}
		value, ok := p.value(ctx)
		if !ok {
			return "", false
		}
		if b.WriteString(value); b.Len() > longestResolved {
			return "", false
		}
	}
	return b.String(), true
}

// value is what the variable stands for in the request.
func (p *part) value(ctx *Context) (text string, ok bool) {
	v, found := ctx.lookupFolded(p.key)
	switch {
	case found && len(v.Values) == 1 && !v.Multi:
		// Bytes that aren't UTF-8 could pose as wildcards.
		return strings.ToValidUTF8(v.Values[0], "\uFFFD"), true
	case !found && p.hasFallback:
		return p.fallback, true
	}
	return "", false
}

// matchParts compares text with what the parts stand for, as a pattern. It
// puts a pattern together only where a variable follows a wildcard: mostly
// none does, and then nothing is copied.
func matchParts(parts []part, text string, ctx *Context) outcome {
	for i := range parts {
		p := &parts[i]
		plain := p.text
		if p.key != "" {
			value, ok := p.value(ctx)
			if !ok {
				return unresolved
			}
			plain = value
		} else if firstWildcard(plain) < len(plain) {
			return matchPattern(parts[i:], text, ctx)
		}
		rest, ok := strings.CutPrefix(text, plain)
		if !ok {
			return miss
		}
		text = rest
	}
	return outcomeOf(text == "")
}

func matchPattern(parts []part, text string, ctx *Context) outcome {
	if len(parts) == 1 {
		return outcomeOf(glob(parts[0].text, text))
	}
	pattern, ok := resolve(parts, ctx)
	if !ok {
		return unresolved
	}
	return outcomeOf(glob(pattern, text))
}
