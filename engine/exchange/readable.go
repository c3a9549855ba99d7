package exchange

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// binaries are kinds of files by the bytes that they begin with.
var binaries = []struct{ begins, what, instead string }{
	{"\x1f\x8b", "compressed by gzip", "unpack it and paste what is in it"},
	{"PK\x03\x04", "a ZIP archive", "unpack it and paste what is in it"},
	{"BZh", "compressed by bzip2", "unpack it and paste what is in it"},
	{"\xfd7zXZ\x00", "compressed by xz", "unpack it and paste what is in it"},
	{"%PDF-", "a PDF", "copy the text out of it"},
	{"\x89PNG", "a picture (PNG)", "copy the text that it shows"},
	{"\xff\xd8\xff", "a picture (JPEG)", "copy the text that it shows"},
	{"GIF8", "a picture (GIF)", "copy the text that it shows"},
	{"\x7fELF", "a program", "paste what it prints"},
	{"\x00asm", "a program (WebAssembly)", "paste what it prints"},
	{"SQLite format 3", "a database", "paste what a query of it prints"},
	{"0\x82", "binary ASN.1 (DER), such as a certificate or a key", "turn a certificate into PEM: openssl x509 -inform DER -in FILE"},
	{"0\x83", "binary ASN.1 (DER), such as a certificate or a key", "turn a certificate into PEM: openssl x509 -inform DER -in FILE"},
	{"\x00\x00\x00", "binary", "paste text"},
}

// readable is the text of an input; or why it has none.
func readable(input Input) (text, problem string) {
	text = input.Text
	size := max(input.Size, len(text))
	for _, b := range binaries {
		if strings.HasPrefix(text, b.begins) && !(b.begins == "BZh" && utf8.ValidString(text)) {
			return "", "this is " + b.what + ", which isn't text; " + b.instead
		}
	}
	if size > Limit {
		return "", "the text has " + megabytes(size) + ", and at most 1 MiB is taken in"
	}
	switch { // what Windows PowerShell writes with >
	case strings.HasPrefix(text, "\xff\xfe"):
		text = fromUTF16(text[2:], false)
	case strings.HasPrefix(text, "\xfe\xff"):
		text = fromUTF16(text[2:], true)
	}
	if at := brokenAt(text); at >= 0 {
		return "", "the text is no UTF-8: byte " + strconv.Itoa(at) + " of it is none that can stand there; save it as UTF-8"
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	switch {
	case text == "":
		return "", "there is no text; paste " + Takes
	case strings.IndexByte(text, 0) >= 0:
		return "", "this is binary: byte " + strconv.Itoa(strings.IndexByte(text, 0)) + " of it is zero; paste text"
	}
	return text, ""
}

// megabytes is a size in words.
func megabytes(size int) string {
	tenths := (size*10 + 1<<19) >> 20
	return strconv.Itoa(size) + " bytes (" + strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10) + " MiB)"
}

// brokenAt is the offset of the first byte that is no UTF-8, -1 for none.
func brokenAt(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for at, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[at:]); size == 1 {
				return at
			}
		}
	}
	return -1
}

func fromUTF16(text string, bigEndian bool) string {
	units := make([]uint16, len(text)/2)
	for i := range units {
		low, high := uint16(text[2*i]), uint16(text[2*i+1])
		if bigEndian {
			low, high = high, low
		}
		units[i] = low | high<<8
	}
	return string(utf16.Decode(units))
}
