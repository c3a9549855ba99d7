package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// base64 takes off base64 of either alphabet, white space within allowed.
func (o *opener) base64(text string) (string, *Refusal) {
	clean := make([]byte, 0, len(text)+2)
	padding := 0
	alphabet := byte(0) // the first character that is of one alphabet only
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case isWhite(c):
			continue
		case c == '=':
			padding++
			continue
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '+', c == '/', c == '-', c == '_':
			url := c == '-' || c == '_'
			if alphabet == 0 {
				alphabet = c
			}
			if url != (alphabet == '-' || alphabet == '_') {
				return "", o.breaks64(text, i, "Both alphabets of base64 are in one text; it was changed in part, so copy it again.")
			}
			switch c {
			case '-':
				c = '+'
			case '_':
				c = '/'
			}
		default:
			return "", o.breaks64(text, i, "")
		}
		if padding > 0 {
			return "", o.breaks64(text, i, "Base64 ends where it is padded with =, and more follows here: two values stand together, so paste one of them.")
		}
		clean = append(clean, c)
	}
	if (len(clean) < 16 || proseLike(text)) && !markup64(clean) {
		return "", o.notSAML(source.Quote(text), "The text is no response in any form; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	}
	if rest := len(clean) % 4; rest == 1 || padding > 0 && rest+padding != 4 && (rest == 0 || padding > 2) {
		found := fmt.Sprintf("%d characters and %d of padding", len(clean), padding)
		why := "No base64 text has that length, so a character was lost or added; copy it again, as far as its end."
		if hint := atLimit(len(text)); hint != "" {
			why = "No base64 text has that length: it ends at " + hint + ", so the rest was cut off; copy it in another way."
		}
		return "", o.cannotDecode("base64, four characters for every three bytes", found, why, len(text))
	}
	octets := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(octets, clean)
	if err != nil { // every character was looked at
		return "", o.cannotDecode("base64", "base64 that can't be decoded", "The base64 is broken; copy it again.", 0)
	}
	o.lay(layer{name: "base64", held: text, encoding: inBase64, size: n})
	o.exact, o.characters = true, len(clean)
	for len(clean)%4 != 0 {
		clean = append(clean, '=')
	}
	o.d.Value = string(clean)
	return string(octets[:n]), nil
}

// markup64 says whether base64 holds what begins with < or a byte order mark.
func markup64(text []byte) bool {
	return len(text) > 1 && text[0] == 'P' && text[1] >= 'A' && text[1] <= 'P' || bytes.HasPrefix(text, []byte("77u/"))
}

// proseLike tells words from lines of base64.
func proseLike(text string) bool {
	words := strings.Fields(text)
	return len(words) > 1 && len(text)/len(words) < 16
}

// atLimit names a length at which terminals and fields cut a text off.
func atLimit(length int) string {
	switch length {
	case 255, 256, 1023, 1024, 2047, 2048, 4095, 4096, 8191, 8192, 16383, 16384, 32767, 32768, 65535, 65536:
		return fmt.Sprintf("character %d, a usual limit of terminals and fields", length)
	}
	return ""
}

// breaks64 refuses base64 at the character that isn't of it.
func (o *opener) breaks64(text string, at int, why string) *Refusal {
	c, size := utf8.DecodeRuneInString(text[at:])
	if size == 0 {
		size = 1
	}
	position := utf8.RuneCountInString(text[:at]) + 1
	if at < 40 && why == "" && !markup64([]byte(text)) {
		return o.notSAML(source.Quote(text), "The text is no response in any form; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	}
	if why == "" {
		switch {
		case c == '…' || strings.HasPrefix(text[at:], "..") || strings.HasPrefix(text[at:], "[..."):
			why = "The dots stand for what a tool left out to save room; copy the whole value from where it is kept."
		case c == '%':
			why = "A percent sign begins an escape of two hexadecimal digits, and none follow here; copy the value again, as far as its end."
		case c == '.':
			why = "Base64 has no dots; a token of OpenID Connect has, and goes to AssumeRoleWithWebIdentity."
		default:
			why = "The character isn't in the alphabet of base64, so something else was copied with the value or changed it; copy it again."
		}
	}
	return o.cannotDecode("base64: letters, digits, + and /", fmt.Sprintf("%q at character %d", c, position), why, at)
}

// inflate takes off the redirect binding's compression (SAML 2.0 Bindings
// §3.4.4.1), or says what else base64 held.
func (o *opener) inflate(text string) (string, *Refusal) {
	if found, why := kindOf(text); found != "" {
		return "", o.cannotDecode("base64 of XML, compressed or not", "base64 of "+found, why, 0)
	}
	if len(text) > maxXML {
		return "", o.tooLarge(fmt.Sprintf("%d bytes of compressed data", len(text)))
	}
	packed := bytes.NewReader([]byte(text))
	var out bytes.Buffer
	_, err := out.ReadFrom(io.LimitReader(flate.NewReader(packed), maxXML+1))
	xml := out.Bytes()
	isXML := bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(xml, []byte(mark)), white), []byte("<"))
	switch {
	case err != nil && !isXML:
		return "", o.cannotDecode("base64 of XML, compressed or not", fmt.Sprintf("base64 of %d bytes that begin with 0x%X", len(text), text[:min(len(text), 4)]), "What the base64 holds is neither XML nor compressed XML; paste the value of SAMLResponse, which begins with PHNhb or PD94b.", 0)
	case len(xml) > maxXML:
		return "", o.tooLarge(fmt.Sprintf("compressed data of %d bytes that become more", len(text)))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "", o.cannotDecode("compressed data as far as its end", fmt.Sprintf("%d bytes that end too early", len(text)), "The compressed data is cut off; copy the value again, as far as its end.", len(text))
	case err != nil:
		return "", o.cannotDecode("compressed data (RFC 1951)", "broken after "+fmt.Sprint(len(xml))+" bytes of XML", "The compressed data was changed on its way; copy the value again.", 0)
	case packed.Len() > 0:
		return "", o.cannotDecode("the end of the compressed data", fmt.Sprintf("%d more bytes", packed.Len()), "Bytes follow the compressed data, so two values stand together; paste one of them.", 0)
	case !isXML:
		return "", o.cannotDecode("compressed XML", "compressed data of another kind", "What was compressed isn't XML; paste the value of SAMLResponse.", 0)
	}
	o.lay(layer{name: "deflate", held: text, encoding: inDeflate, size: len(xml)})
	o.exact, o.characters = true, 0
	o.d.Value = "" // the API takes no compressed data
	return string(xml), nil
}

// kindOf names data by how it begins; "" where it may be compressed XML.
func kindOf(text string) (found, why string) {
	switch {
	case strings.HasPrefix(text, "\x1f\x8b"):
		return "gzip", "SAML's redirect binding compresses with raw DEFLATE (RFC 1951) and no frame around it; paste the value of SAMLResponse from the form."
	case len(text) > 1 && text[0] == 0x78 && (int(text[0])<<8|int(text[1]))%31 == 0:
		return "zlib data", "SAML's redirect binding compresses with raw DEFLATE (RFC 1951) and no frame around it (RFC 1950); paste the value of SAMLResponse from the form."
	case strings.HasPrefix(text, "\x30\x82"), strings.HasPrefix(text, "\x30\x81"):
		return "a certificate or a key (DER)", "A certificate belongs to the provider's metadata; paste the value of SAMLResponse, which begins with PHNhb or PD94b."
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "UTF-16", "SAML is read as UTF-8; save the document in that encoding, and encode it again."
	case strings.HasPrefix(text, "PK\x03\x04"):
		return "a ZIP archive", "An archive is no response; paste the value of SAMLResponse, which begins with PHNhb or PD94b."
	}
	return "", ""
}
