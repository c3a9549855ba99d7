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

// glob says whether the whole of text has the pattern's form: it begins as the
// pattern does up to the first anyRun, ends as it does from the last one on,
// and has what stands between two of them one after the other. Taking each as
// early as it occurs leaves the most for those that follow, so nothing is
// tried again: the work is linear in text, save for a long piece with anyOne,
// where it takes another step for every 64 characters of the piece.
func glob(pattern, text string) bool {
	head := firstWildcard(pattern)
	if head == len(pattern) {
		return pattern == text
	}
	return strings.HasPrefix(text, pattern[:head]) && globWith(pattern[head:], text[head:], false)
}

// globFold is glob for a lower-case pattern and text whose ASCII letters may
// be of either case.
func globFold(pattern, text string) bool {
	const long = 128
	if len(text) > long {
		return globWith(pattern, lowered(text), false)
	}
	return globWith(pattern, text, true)
}

func globWith(pattern, text string, fold bool) bool {
	head, rest, run := cutRun(pattern)
	end := matchAt(head, text, fold)
	if !run || end < 0 {
		return end == len(text)
	}
	if rest == "" {
		return true
	}
	text = text[end:]
	last := rest[strings.LastIndexByte(rest, anyRun)+1:]
	start := matchBefore(last, text, fold)
	if start < 0 {
		return false
	}
	text = text[:start]
	for rest = rest[:len(rest)-len(last)]; rest != ""; {
		var piece string
		piece, rest, _ = cutRun(rest)
		end := find(piece, text, fold)
		if end < 0 {
			return false
		}
		text = text[end:]
	}
	return true
}

// cutRun divides a pattern at its first anyRun; run says whether it has one.
func cutRun(pattern string) (piece, rest string, run bool) {
	if i := strings.IndexByte(pattern, anyRun); i >= 0 {
		return pattern[:i], pattern[i+1:], true
	}
	return pattern, "", false
}

func firstWildcard(pattern string) int {
	first := len(pattern)
	if i := strings.IndexByte(pattern, anyRun); i >= 0 {
		first = i
	}
	if i := strings.IndexByte(pattern[:first], anyOne); i >= 0 {
		first = i
	}
	return first
}

// matchAt is where in text a piece without anyRun ends that begins at its
// start, -1 where none does.
func matchAt(piece, text string, fold bool) int {
	t := 0
	for p := 0; p < len(piece); p++ {
		switch {
		case t == len(text):
			return -1
		case piece[p] == anyOne:
			t += width(text, t)
		case piece[p] == text[t] || fold && piece[p] == lower(text[t]):
			t++
		default:
			return -1
		}
	}
	return t
}

// matchBefore is where in text a piece without anyRun begins that ends at its
// end, -1 where none does.
func matchBefore(piece, text string, fold bool) int {
	t := len(text)
	for p := len(piece) - 1; p >= 0; p-- {
		switch {
		case t == 0:
			return -1
		case piece[p] == anyOne:
			_, n := utf8.DecodeLastRuneInString(text[:t])
			t -= n
		case piece[p] == text[t-1] || fold && piece[p] == lower(text[t-1]):
			t--
		default:
			return -1
		}
	}
	return t
}

// find is where in text the first occurrence of a piece without anyRun ends,
// -1 where there is none.
func find(piece, text string, fold bool) int {
	const long = 64
	plain := firstWildcard(piece)
	switch {
	case plain == len(piece) && !fold:
		if at := strings.Index(text, piece); at >= 0 {
			return at + len(piece)
		}
		return -1
	case plain < len(piece) && len(piece) > long:
		return findLong(piece, text, fold)
	}
	for at := 0; at <= len(text); at += width(text, at) {
		if !fold {
			next := strings.Index(text[at:], piece[:plain])
			if next < 0 {
				return -1
			}
			at += next
		}
		if end := matchAt(piece, text[at:], fold); end >= 0 {
			return at + end
		}
		if at == len(text) {
			break
		}
	}
	return -1
}

// findLong is find for a piece of many anyOnes. It reads text once and keeps,
// a bit each, how many characters of the piece the latest ones match (the
// shift-and method of Baeza-Yates and Gonnet). Only characters that are
// frequent in the piece have bits of their own, or a piece of many different
// ones would fill the memory; of the others their places are gone through.
func findLong(piece, text string, fold bool) int {
	length := 0
	places := map[rune][]int{}
	mark := func(r rune) { places[r] = append(places[r], length) }
	for i := 0; i < len(piece); length++ {
		if piece[i] == anyOne {
			mark(anyRune)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(piece[i:])
		mark(r)
		i += n
	}
	words := (length + 63) / 64
	bits := map[rune][]uint64{anyRune: make([]uint64, words)}
	for r, at := range places {
		if r == anyRune || len(at) > words {
			bits[r] = make([]uint64, words)
			for _, place := range at {
				bits[r][place/64] |= 1 << (place % 64)
			}
		}
	}
	matched, open := make([]uint64, words), bits[anyRune]
	var rare []int // places of the character at hand that go on with a match
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && n == 1 {
			r = -2 // no character of the piece
		} else if fold && r < utf8.RuneSelf {
			r = rune(lower(byte(r)))
		}
		at += n
		carry, here := uint64(1), bits[r]
		rare = rare[:0]
		if here == nil {
			for _, place := range places[r] {
				if before := place - 1; place == 0 || matched[before/64]&(1<<(before%64)) != 0 {
					rare = append(rare, place)
				}
			}
		}
		for i := range matched {
			allowed := open[i]
			if here != nil {
				allowed |= here[i]
			}
			next := matched[i] >> 63
			matched[i] = (matched[i]<<1 | carry) & allowed
			carry = next
		}
		for _, place := range rare {
			matched[place/64] |= 1 << (place % 64)
		}
		if matched[(length-1)/64]&(1<<((length-1)%64)) != 0 {
			return at
		}
	}
	return -1
}

// anyRune stands for anyOne among the characters of a piece.
const anyRune = -1

// width is how many bytes the character at i has; one past the end.
func width(text string, i int) int {
	if i >= len(text) || text[i] < utf8.RuneSelf {
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

// lowered is text with its ASCII letters in lower case.
func lowered(text string) string {
	b := []byte(text)
	for i := range b {
		b[i] = lower(b[i])
	}
	return string(b)
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
