package iam

import (
	"strings"
	"unicode/utf8"
)

// A pattern is text in which two bytes stand for wildcards. Neither occurs in
// UTF-8, so everything else is itself: no escaping, and what a variable
// resolves to can't become a wildcard.
const (
	anyRun = '\xfe' // * : any number of characters, none included
	anyOne = '\xff' // ? : one character
)

var wildcards = strings.NewReplacer("*", string([]byte{anyRun}), "?", string([]byte{anyOne}))

// toPattern makes * and ? of text wildcards.
func toPattern(text string) string {
	if strings.IndexByte(text, '*') < 0 && strings.IndexByte(text, '?') < 0 {
		return text
	}
	return wildcards.Replace(text)
}

// glob says whether the whole of text has the pattern's form. It goes back
// only to the latest anyRun, so it never takes more than len(pattern) ×
// len(text) steps.
func glob(pattern, text string) bool {
	p, t := 0, 0
	star, resume := -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == anyRun:
			star, resume = p, t
			p++
		case p < len(pattern) && pattern[p] == anyOne:
			_, width := utf8.DecodeRuneInString(text[t:])
			p++
			t += width
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			_, width := utf8.DecodeRuneInString(text[resume:])
			resume += width
			p, t = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyRun {
		p++
	}
	return p == len(pattern)
}

// globFold is glob for a lower-case pattern and ASCII text of any case.
func globFold(pattern, text string) bool {
	if !hasUpper(text) {
		return glob(pattern, text)
	}
	return glob(pattern, strings.ToLower(text))
}

func hasUpper(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i]-'A' < 26 || s[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// globARN compares ARNs one segment at a time: "Each of the six
// colon-delimited components of the ARN is checked separately" (IAM User
// Guide, reference_policies_elements_condition_operators). What isn't an ARN
// on either side never matches.
func globARN(pattern, text string) bool {
	for range 5 {
		p, t := strings.IndexByte(pattern, ':'), strings.IndexByte(text, ':')
		if p < 0 || t < 0 || !glob(pattern[:p], text[:t]) {
			return false
		}
		pattern, text = pattern[p+1:], text[t+1:]
	}
	return glob(pattern, text)
}

// isARN says whether text has an ARN's six segments.
func isARN(text string) bool { return strings.Count(text, ":") >= 5 }
