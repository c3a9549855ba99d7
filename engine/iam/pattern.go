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

// Like says whether value has the form of pattern, in which * stands for any
// run of characters and ? for one, as StringLike compares.
func Like(pattern, value string) bool { return glob(toPattern(pattern), value) }

// glob says whether the whole of text has the pattern's form. It goes back
// only to the latest anyRun, and looks for the plain text behind it at once,
// so without anyOne it is linear in both; with it, it never takes more than
// len(pattern) × len(text) steps.
func glob(pattern, text string) bool {
	head := firstWildcard(pattern)
	if head == len(pattern) {
		return pattern == text
	}
	return strings.HasPrefix(text, pattern[:head]) && globWith(pattern[head:], text[head:], false)
}

func firstWildcard(pattern string) int {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] >= anyRun {
			return i
		}
	}
	return len(pattern)
}

// globFold is glob for a lower-case pattern and text whose ASCII letters may
// be of either case.
func globFold(pattern, text string) bool { return globWith(pattern, text, true) }

func globWith(pattern, text string, fold bool) bool {
	p, t := 0, 0
	star, resume := -1, 0
	// seek goes on to where the plain text behind the latest anyRun next occurs.
	seek := func(from int) bool {
		p, t, resume = star, from, from
		plain := pattern[star : star+firstWildcard(pattern[star:])]
		if fold || plain == "" {
			return true
		}
		i := strings.Index(text[from:], plain)
		if i < 0 {
			return false
		}
		resume = from + i
		p, t = star+len(plain), resume+len(plain)
		return true
	}
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == anyRun:
			if p++; p == len(pattern) {
				return true
			}
			star = p
			if !seek(t) {
				return false
			}
		case p < len(pattern) && pattern[p] == anyOne:
			p++
			t += width(text, t)
		case p < len(pattern) && (pattern[p] == text[t] || fold && pattern[p] == lower(text[t])):
			p++
			t++
		case star >= 0:
			if !seek(resume + width(text, resume)) {
				return false
			}
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyRun {
		p++
	}
	return p == len(pattern)
}

// width is how many bytes the character at i has.
func width(text string, i int) int {
	if text[i] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(text[i:])
	return n
}

func lower(c byte) byte {
	if c-'A' < 26 {
		return c + 'a' - 'A'
	}
	return c
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
