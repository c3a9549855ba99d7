package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"stsplayground/engine/source"
)

// sample is a response whose base64 has every kind of character: +, /, and
// padding, and in which a line break stands.
var sample = wrapped("\n<saml:Assertion ID=\"_a1\"><saml:Subject><saml:NameID>Zoë Ωmega ~~?>?>ooo?o?~~ \U0001F600</saml:NameID></saml:Subject></saml:Assertion>\n")

var sample64 = base64.StdEncoding.EncodeToString([]byte(sample))

func deflated(text string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func quoteJSON(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// folded has a line break after every 76 characters.
func folded(text, end string) string {
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + end)
		text = text[76:]
	}
	return b.String() + text
}

const page = `<!DOCTYPE html>
<html><head><title>Sign in</title></head><body onload="document.forms[0].submit()">
<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="RelayState" value="a&amp;b"/>
<input %s>
<noscript><input type="submit" value="Continue"></noscript></form></body></html>`

// har is a recording: a sign-in with another service, the page with the form,
// and the form as it is posted.
func har(form, posted string) string {
	return `{"log": {"version": "1.2", "entries": [
 {"request": {"method": "POST", "url": "https://broker.example.test/acs", "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "SAMLResponse", "value": "` + base64.StdEncoding.EncodeToString([]byte(wrapped("for the broker"))) + `"}]}}},
 {"request": {"method": "GET", "url": "https://idp.example.test/sso"}, "response": {"content": ` + form + `}},
 {"request": {"method": "POST", "url": "https://signin.aws.amazon.com/saml", "postData": ` + posted + `}}]}}`
}

func TestReadTakesOffWhatIsAround(t *testing.T) {
	if !strings.Contains(sample64, "+") || !strings.Contains(sample64, "/") || !strings.HasSuffix(sample64, "=") {
		t.Fatalf("got %s, want every kind of character in it", sample64)
	}
	url64 := strings.NewReplacer("+", "-", "/", "_").Replace(sample64)
	escaped := url.QueryEscape(sample64)
	packed := base64.StdEncoding.EncodeToString([]byte(deflated(sample)))
	form := func(attributes string) string { return fmt.Sprintf(page, attributes) }
	named := `type="hidden" name="SAMLResponse" value="` + sample64 + `"`
	posted := `{"mimeType": "application/x-www-form-urlencoded", "text": ` + quoteJSON("SAMLResponse="+escaped+"&RelayState=") + `}`
	for _, c := range []struct {
		name, pasted string
		layers       string
	}{
		{"raw XML", sample, ""},
		{"raw XML with a byte order mark", "\ufeff" + sample, ""},
		{"raw XML with white space around it", "\n \t" + sample + "\r\n\n", ""},
		{"raw XML with white space before its declaration", "\n<?xml version=\"1.0\"?>" + sample, ""},
		{"a comment before the root", "<!-- form -->" + sample, ""},
		{"base64", sample64, "base64"},
		{"base64 with line breaks", folded(sample64, "\n"), "base64"},
		{"base64 with line breaks of Windows and spaces", "  " + folded(sample64, " \r\n  ") + "\r\n", "base64"},
		{"base64 of the URL-safe alphabet", url64, "base64"},
		{"base64 of the URL-safe alphabet without padding", strings.TrimRight(url64, "="), "base64"},
		{"base64 without padding", strings.TrimRight(sample64, "="), "base64"},
		{"base64 that is padded on a line of its own", strings.TrimRight(sample64, "=") + "\n=\n=", "base64"},
		{"base64 with a byte order mark in it", base64.StdEncoding.EncodeToString([]byte("\ufeff" + sample)), "base64"},
		{"base64 in quotation marks", `"` + sample64 + `"`, "quotes base64"},
		{"base64 in single quotation marks with a comma", "'" + sample64 + "',", "quotes base64"},
		{"base64 in backticks", "`" + sample64 + "`", "quotes base64"},
		{"XML in a code block", "```xml\n" + sample + "\n```\n", "a code block"},
		{"base64 in a code block", "```\n" + sample64 + "\n```", "a code block base64"},
		{"base64 with escaped slashes", strings.ReplaceAll(sample64, "/", `\/`), "JSON escapes base64"},
		{"base64 with line breaks written as escapes", folded(sample64, `\r\n`), "JSON escapes base64"},
		{"base64 with HTML entities", strings.NewReplacer("+", "&#x2B;", "=", "&#61;").Replace(sample64), "HTML entities base64"},
		{"URL-encoded base64", escaped, "URL encoding base64"},
		{"URL-encoded base64, in lower case", strings.NewReplacer("%2B", "%2b", "%2F", "%2f", "%3D", "%3d").Replace(escaped), "URL encoding base64"},
		{"URL-encoded base64 with escaped line breaks", url.QueryEscape(folded(sample64, "\r\n")), "URL encoding base64"},
		{"base64 with + left alone and the padding escaped", strings.ReplaceAll(sample64, "=", "%3D"), "URL encoding base64"},
		{"base64 that is URL-encoded twice", url.QueryEscape(escaped), "URL encoding URL encoding base64"},
		{"base64 in base64", base64.StdEncoding.EncodeToString([]byte(sample64)), "base64 base64"},
		{"the redirect binding's value", packed, "base64 deflate"},
		{"the redirect binding's value, URL-encoded", url.QueryEscape(packed), "URL encoding base64 deflate"},
		{"the redirect binding's address", "https://signin.aws.amazon.com/saml?RelayState=x%3Dy&SAMLResponse=" + url.QueryEscape(packed) + "&SigAlg=a&Signature=b", "URL URL encoding base64 deflate"},
		{"an address with uncompressed base64", "https://sp.example.test/acs?SAMLResponse=" + escaped + "#top", "URL URL encoding base64"},
		{"a form's body", "SAMLResponse=" + escaped + "&RelayState=", "form body URL encoding base64"},
		{"a form's body with the field last", "RelayState=a%26SAMLResponse%3Db&SAMLResponse=" + escaped, "form body URL encoding base64"},
		{"a form's body that isn't escaped", "SAMLResponse=" + sample64 + "&RelayState=", "form body base64"},
		{"a request as sent", "POST /saml HTTP/1.1\r\nHost: signin.aws.amazon.com\r\nReferer: https://idp.example.test/?a=b\r\n\r\nSAMLResponse=" + escaped + "&RelayState=", "form body URL encoding base64"},
		{"a curl command", "curl 'https://signin.aws.amazon.com/saml' \\\n  -H 'origin: null' \\\n  --data-raw 'SAMLResponse=" + escaped + "&RelayState=' --compressed", "form body URL encoding base64"},
		{"a curl command without quotation marks", "curl https://signin.aws.amazon.com/saml -d SAMLResponse=" + escaped + " -d RelayState=", "form body URL encoding base64"},
		{"a curl command with JSON", `curl -d '{"SAMLResponse": "` + sample64 + `"}'`, "form body base64"},
		{"the developer tools' list of fields", "RelayState: \nSAMLResponse: " + sample64 + "\n", "form body base64"},
		{"the API's own request", "Action=AssumeRoleWithSAML&Version=2011-06-15&PrincipalArn=arn%3Aaws&SAMLAssertion=" + escaped, "form body URL encoding base64"},
		{"a command line", "aws sts assume-role-with-saml --role-arn arn:aws:iam::123456789012:role/r --saml-assertion " + sample64 + " --duration-seconds 900", "command line base64"},
		{"a command line with quotation marks", "aws sts assume-role-with-saml --saml-assertion '" + folded(sample64, "\n") + "'", "command line base64"},
		{"a command line with an equals sign", `aws sts assume-role-with-saml --saml-assertion="` + sample64 + `"`, "command line base64"},
		{"a page", form(named), "HTML form base64"},
		{"a form alone", "<form action='https://signin.aws.amazon.com/saml'><input " + named + "></form>", "HTML form base64"},
		{"an input alone", "<INPUT " + strings.Replace(named, "name=", "NAME=", 1) + " />", "HTML form base64"},
		{"a form with the value first", form(`value="` + sample64 + `" name="SAMLResponse" type="hidden"`), "HTML form base64"},
		{"a form with single quotation marks", form(`name='SAMLResponse' value='` + sample64 + `'`), "HTML form base64"},
		{"a form without quotation marks", form(`name=SAMLResponse value=` + sample64 + ` hidden`), "HTML form base64"},
		{"a form with line breaks and white space", form("\n  name = \"SAMLResponse\"\n  disabled\n  value =\n\"" + folded(sample64, "\r\n") + "\"\n/"), "HTML form base64"},
		{"a form with entities in hexadecimal", form(`name="SAMLResponse" value="` + strings.NewReplacer("+", "&#x2b;", "/", "&#x2F;").Replace(sample64) + `"`), "HTML form base64"},
		{"a form with decimal entities", form(`name="SAMLResponse" value="` + strings.NewReplacer("+", "&#43;", "=", "&#61;").Replace(sample64) + `"`), "HTML form base64"},
		{"a form with an entity in the name", form(`name="SAML&#82;esponse" value="` + sample64 + `"`), "HTML form base64"},
		{"a page of XHTML", "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'a' 'b'>\n<!-- c --><html><form><input " + named + "/></form></html>", "HTML form base64"},
		{"a form's escaped source", html.EscapeString(form(named)), "HTML entities HTML form base64"},
		{"XML with its < escaped", html.EscapeString(sample), "HTML entities"},
		{"JSON", `{"RelayState": null, "SAMLResponse": "` + sample64 + `"}`, "JSON base64"},
		{"JSON with escapes", `{"a": [{"SAMLResponse": "` + strings.NewReplacer("/", `\/`, "P", `\u0050`).Replace(sample64) + `"}]}`, "JSON base64"},
		{"a CLI input file", `{"RoleArn": "arn:aws:iam::123456789012:role/r", "SAMLAssertion": "` + sample64 + `"}`, "JSON base64"},
		{"JSON with raw XML", `{"SAMLResponse": ` + quoteJSON(sample) + `}`, "JSON"},
		{"a string of JSON with raw XML", quoteJSON(sample), "quotes"},
		{"a HAR with the form's body as text", har(`{"mimeType": "text/html", "text": ""}`, posted), "HAR form body URL encoding base64"},
		{"a HAR with the form's fields", har(`{}`, `{"mimeType": "a", "params": [{"name": "RelayState", "value": ""}, {"name": "SAMLResponse", "value": "`+escaped+`"}]}`), "HAR URL encoding base64"},
		{"a HAR with the form's fields decoded", har(`{}`, `{"params": [{"value": "`+sample64+`", "name": "SAMLResponse"}]}`), "HAR base64"},
		{"a HAR with the page alone", strings.Replace(har(`{"mimeType": "text/html", "text": `+quoteJSON(form(named))+`}`, `{}`), "broker.example.test/acs", "x", 1), "HAR HTML form base64"},
		{"a HAR with the page in base64", har(`{"mimeType": "text/html", "encoding": "base64", "text": "`+base64.StdEncoding.EncodeToString([]byte(form(named)))+`"}`, `{}`), "HAR base64 HTML form base64"},
		{"a HAR with the redirect binding", `{"log": {"entries": [{"request": {"url": "https://signin.aws.amazon.com/saml?SAMLResponse=` + url.QueryEscape(packed) + `"}}]}}`, "HAR URL URL encoding base64 deflate"},
		{"one entry of a HAR", `{"request": {"url": "https://signin.aws.amazon.com/saml", "postData": ` + posted + `}}`, "HAR form body URL encoding base64"},
		{"an excerpt of a HAR", `"postData": ` + posted + `, "headersSize": -1`, "HAR form body URL encoding base64"},
		{"an excerpt of a HAR that begins in an object", `{"postData": {"params": [{"name": "SAMLResponse", "value": "` + sample64 + `"}`, "HAR base64"},
		{"an excerpt of a HAR that ends in a string", `"params": [{"name": "SAMLResponse", "value": "` + sample64, "HAR base64"},
		{"a body in quotation marks", `'SAMLResponse=` + escaped + `&RelayState='`, "quotes form body URL encoding base64"},
		{"a form whose value isn't closed", `<form><input name="SAMLResponse" value="` + sample64, "HTML form base64"},
		{"JSON with what isn't quite an escape", `{"SAMLResponse": "` + sample64 + `", "a": "\ud800"`, "JSON base64"},
		{"a member of JSON alone", `"SAMLResponse": "` + sample64 + `",`, "JSON base64"},
	} {
		d, r := Read(c.pasted)
		if r != nil {
			t.Errorf("%s: got %v at %d:%d, found %s: %s", c.name, r.Reason, r.Line, r.Column, r.Found, r.Why)
			continue
		}
		if got := strings.Join(d.Layers, " "); got != c.layers {
			t.Errorf("%s: got layers %q want %q", c.name, got, c.layers)
		}
		if !strings.Contains(d.XML, sample[1:]) {
			t.Errorf("%s: got XML %q", c.name, d.XML)
		}
		if name := d.Root.Find(nsAssertion, "NameID"); name == nil || name.Text != "Zoë Ωmega ~~?>?>ooo?o?~~ \U0001F600" {
			t.Errorf("%s: got NameID %+v", c.name, name)
		}
		held, err := base64.StdEncoding.Strict().DecodeString(d.Value)
		if err != nil || strings.TrimPrefix(string(held), mark) != d.XML {
			t.Errorf("%s: got Value %.40s, %v want the XML", c.name, d.Value, err)
		}
		if strings.HasSuffix(c.layers, "base64") && !strings.Contains(c.name, "mark in it") && d.Value != sample64 {
			t.Errorf("%s: got Value %s want it as pasted", c.name, d.Value)
		}
	}
}

func escapedTimes(text string, times int) string {
	for range times {
		text = url.QueryEscape(text)
	}
	return text
}

// What isn't an escape stands for itself, as browsers have it.
func TestWhatIsNoEscapeStandsForItself(t *testing.T) {
	for _, c := range []struct {
		e          encoding
		text, want string
	}{
		{inPercent, "%4", "%4"}, {inPercent, "%4G%41+", "%4GA+"}, {inForm, "a+%2b%", "a +%"}, {inForm, "%+4", "% 4"},
		{inHTML, "&amp &lt;&AMP;&#0;&#x110000;&#x;&#;&", "&amp <&AMP;&#0;&#x110000;&#x;&#;&"},
		{inJSON, `\`, `\`}, {inJSON, `\x\u12\u12G4\n`, "\\x\\u12\\u12G4\n"}, {inJSON, `\ud83d\ude00\ud83d\ud83dx`, "\U0001F600\uFFFD\uFFFDx"},
	} {
		if got := c.e.decode(c.text); got != c.want {
			t.Errorf("%q: got %q want %q", c.text, got, c.want)
		}
	}
}

func TestReadPrefersWhatWasSentToAWS(t *testing.T) {
	other := `{"request": {"url": "https://broker.example.test/acs", "postData": {"text": "SAMLResponse=` + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(wrapped("other")))) + `"}}}`
	aws := `{"request": {"url": "https://eu-west-1.signin.aws.amazon.com/saml", "postData": {"text": "SAMLResponse=` + url.QueryEscape(sample64) + `"}}}`
	for _, entries := range [][]string{{other, aws}, {aws, other}, {other, aws, other}} {
		d, r := Read(`{"log": {"entries": [` + strings.Join(entries, ",") + `]}}`)
		if r != nil || d.XML != sample {
			t.Errorf("got %q, %+v want the one for AWS", d.XML, r)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	const hint = "SAMLResponse"
	cut := func(text string, keep int) string { return text[:keep] }
	packed := deflated(sample)
	to64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	incompressible := func(size int) string {
		r, b := rand.New(rand.NewPCG(1, 2)), make([]byte, size)
		for i := range b {
			b[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[r.IntN(52)]
		}
		return string(b)
	}
	for _, c := range []struct {
		name, pasted string
		reason       Reason
		line, column int
		found, why   string
	}{
		{"nothing", "", NotSAML, 1, 1, "nothing", "empty"},
		{"white space", " \n\t", NotSAML, 2, 2, "nothing", "empty"},
		{"empty quotation marks", `""`, NotSAML, 1, 2, "nothing", "empty"},
		{"a JWT", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln", NotSAML, 1, 1, "JSON Web Token", "AssumeRoleWithWebIdentity"},
		{"a JWT in quotation marks", `"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln"`, NotSAML, 1, 2, "JSON Web Token", "AssumeRoleWithWebIdentity"},
		{"the address of a request", "https://idp.example.test/sso?SAMLRequest=fZJNT8MwDIb&RelayState=", NotSAML, 1, 30, "authentication request", "comes back"},
		{"a form with a request", `<form><input type="hidden" name="SAMLRequest" value="PHNhbWw"/></form>`, NotSAML, 1, 7, "SAMLRequest", "comes back"},
		{"a HAR with a request", `{"log": {"entries": [{"request": {"url": "https://idp.example.test/sso?SAMLRequest=fZJN"}}]}}`, NotSAML, 1, 42, "SAMLRequest", "comes back"},
		{"an artifact", "https://sp.example.test/acs?SAMLart=AAQAAMFbLinlXaCM", NotSAML, 1, 29, "SAMLart", "response itself"},
		{"an address", "https://idp.example.test/sso", NotSAML, 1, 1, "an address", "Nothing is fetched"},
		{"a page without a form", "<!DOCTYPE html><html><body>Sign in</body></html>", NotSAML, 1, 1, "a page", "sign in"},
		{"a form with an empty field", `<form><input name="SAMLResponse" value=""></form>`, NotSAML, 1, 1, "a page", "sign in"},
		{"JSON without the field", `{"access_token": "x"}`, NotSAML, 1, 1, "JSON without SAMLResponse", "developer tools"},
		{"a JSON Web Key Set", `{"keys": []}`, NotSAML, 1, 1, "JSON Web Key Set", "metadata"},
		{"JSON that breaks off", "{\"a\":\n  [1, ", NotSAML, 2, 6, "can't be read", "breaks off"},
		{"a certificate", "-----BEGIN CERTIFICATE-----\nMIIB", NotSAML, 1, 1, "certificate", "metadata"},
		{"a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIB", NotSAML, 1, 1, "a key", "private"},
		{"an ARN", "arn:aws:iam::123456789012:role/r", NotSAML, 1, 1, "an ARN", hint},
		{"the name of a file", "file://response.xml", NotSAML, 1, 1, "name of a file", "paste what the file holds"},
		{"a command line with the name of a file", "aws sts assume-role-with-saml --saml-assertion file://response.b64", NotSAML, 1, 48, "name of a file", "paste what the file holds"},
		{"words", "the SAML response from yesterday", NotSAML, 1, 1, "the SAML response", hint},
		{"a sentence with stops", "Hello, world. This is text.", NotSAML, 1, 1, "Hello", hint},
		{"a short word", "assertion", NotSAML, 1, 1, `"assertion"`, hint},

		{"base64 that breaks", sample64[:100] + "#" + sample64[100:], Encoding, 1, 101, "'#' at character 101", "alphabet"},
		{"base64 that breaks in another line", folded(sample64[:100]+"€"+sample64[100:], "\n"), Encoding, 2, 25, "'€' at character 102", "alphabet"},
		{"base64 that a tool shortened", sample64[:100] + "...", Encoding, 1, 101, "character 101", "dots"},
		{"base64 with an ellipsis", sample64[:100] + "…", Encoding, 1, 101, "character 101", "dots"},
		{"base64 with a lone percent sign", sample64[:100] + "%", Encoding, 1, 101, "character 101", "percent"},
		{"base64 of both alphabets", sample64 + "-_", Encoding, 1, len(sample64) + 1, "'-'", "Both alphabets"},
		{"base64 twice", sample64 + "\n" + sample64, Encoding, 2, 1, "'P'", "two values"},
		{"base64 that breaks in a form", fmt.Sprintf("<form>\n<input name='SAMLResponse' value='%s&lt;%s'>", sample64[:40], sample64[40:]), Encoding, 2, 35 + 40, "'<' at character 41", "alphabet"},
		{"base64 with a character lost", cut(sample64, 101), Encoding, 1, 102, "101 characters", "lost or added"},
		{"base64 with a character lost where a field ends", cut(to64(wrapped(strings.Repeat(" ", 12000))), 257), Encoding, 1, 258, "257 characters", "lost or added"},
		{"base64 with too much padding", sample64 + "==", Encoding, 1, len(sample64) + 3, "of padding", "lost or added"},
		{"base64 of words", to64("nothing that anyone would call XML, really"), NotSAML, 1, 1, "nothing that", hint},
		{"base64 of JSON", to64(`{"iss": "https://idp.example.test"}`), NotSAML, 1, 1, "JSON without", "developer tools"},
		{"base64 of a certificate", to64("\x30\x82\x03\x0f" + strings.Repeat("\x01", 40)), Encoding, 1, 1, "certificate", "metadata"},
		{"base64 of gzip", to64("\x1f\x8b\x08\x00" + strings.Repeat("\x00", 40)), Encoding, 1, 1, "gzip", "DEFLATE"},
		{"base64 of zlib", to64("\x78\x9c" + packed), Encoding, 1, 1, "zlib", "DEFLATE"},
		{"base64 of a ZIP archive", to64("PK\x03\x04" + strings.Repeat("\x00", 40)), Encoding, 1, 1, "ZIP", hint},
		{"base64 of UTF-16", to64("\xff\xfe<\x00a\x00/\x00>\x00<\x00!\x00"), Encoding, 1, 1, "UTF-16", "UTF-8"},
		{"base64 of something else", to64("\x00\x01\x02\x03" + strings.Repeat("\xff", 40)), Encoding, 1, 1, "0x00010203", "neither"},
		{"compressed data that is cut off", to64(cut(packed, len(packed)-40)), Encoding, 1, len(to64(cut(packed, len(packed)-40))) + 1, "end too early", "cut off"},
		{"compressed data with more behind it", to64(packed + "more"), Encoding, 1, 1, "4 more bytes", "two values"},
		{"compressed words", to64(deflated("words, words, words")), Encoding, 1, 1, "another kind", "isn't XML"},

		{"compressed data that breaks", to64(packed[:60] + "\xff\xff\xff\xff" + packed[60:]), Encoding, 1, 1, "broken after", "changed on its way"},
		{"base64 with a dot", sample64[:100] + "." + sample64[100:], Encoding, 1, 101, "character 101", "no dots"},
		{"base64 that ends at a field's limit with a character too much", strings.Repeat(sample64[:100], 41)[:4093] + "===", Encoding, 1, 4097, "4093 characters", "character 4096, a usual limit"},
		{"quotation marks around quotation marks", strings.Repeat(`'"`, 10) + sample64, NotSAML, 1, 4, "quotation marks within", "again and again"},
		{"seventeen times URL-encoded", escapedTimes(sample64, 17), NotSAML, 1, 1, "more than 16 layers", "again and again"},
		{"a HAR with a request's field", `{"log": {"entries": [{"request": {"postData": {"params": [{"name": "SAMLRequest", "value": "PHNh"}]}}}]}}`, NotSAML, 1, 92, "SAMLRequest", "comes back"},
		{"a field without a value", "SAMLResponse=", NotSAML, 1, 1, "SAMLResponse=", hint},
		{"an input that doesn't end", "<form><input name=SAMLResponse value", NotSAML, 1, 1, "a page", "sign in"},
		{"an input that ends in its value", "<form><input name=SAMLResponse value =", NotSAML, 1, 1, "a page", "sign in"},

		{"XML that is cut off", cut(sample, 190), IllFormed, 2, 190 - strings.IndexByte(sample, '\n'), "end of the text", "copy is cut off"},
		{"XML that is cut off in a character", sample[:strings.Index(sample, "Ω")+1], IllFormed, 2, strings.Index(sample, "Ω") - strings.IndexByte(sample, '\n'), "end of the text", "inside a character"},
		{"base64 that is cut off", cut(sample64, 320), IllFormed, 1, 321, "end of the text", "the base64 ends at character 320"},
		{"base64 that is cut off at a terminal's limit", cut(to64(wrapped(strings.Repeat(" ", 4000))), 4096), IllFormed, 1, 4097, "end of the text", "character 4096, a usual limit"},
		{"XML that is cut off at a field's limit", cut(wrapped(strings.Repeat("a", 4000)), 2048), IllFormed, 1, 2049, "end of the text", "cut off at character 2048"},
		{"an entity in base64", to64("<a>\n&nbsp;</a><!-- -->"), IllFormed, 1, 6, "&nbsp;", "At line 2, column 1 of the XML, the entity"},
		{"an entity in a form", "<form>\n<input name=SAMLResponse value='" + to64("<a>\n&nbsp;</a><!-- -->") + "'>", IllFormed, 2, 38, "&nbsp;", "At line 2, column 1 of the XML"},
		{"a document type declaration in compressed data", to64(deflated("<!DOCTYPE a><a/>" + sample)), IllFormed, 1, 1, "DOCTYPE", "At line 1, column 1 of the XML"},
		{"UTF-16 without a mark in base64", to64("<\x00a\x00/\x00>\x00<\x00!\x00"), IllFormed, 1, 2, "UTF-16", "several bytes"},
		{"Latin-1 in base64", to64("<a b='M\xfcnchen'></a>"), IllFormed, 1, 10, "0xFC", "At line 1, column 8 of the XML, the bytes aren't UTF-8"},
		{"white space before the declaration in base64", to64("\n<?xml version='1.0'?><a></a>"), IllFormed, 1, 2, "<?xml", "white space"},
		{"an assertion without its declarations", "\n<saml:Assertion/>", IllFormed, 2, 1, "saml:Assertion", "The prefix saml"},
		{"too many elements", "<a>" + strings.Repeat("<b/>", 3000) + "</a>", XMLLimit, 1, 3 + 2999*4 + 1, "more", "3000"},

		{"a megabyte and a byte", strings.Repeat(" ", 1<<20) + "<", TooLarge, 0, 0, "1048577 bytes", "larger than is read"},
		{"75001 bytes of XML", wrapped(strings.Repeat(" ", 75001-len(wrapped("")))), TooLarge, 1, 1, "75001 bytes", "100000 characters"},
		{"100004 characters of base64", to64(wrapped(strings.Repeat(" ", 75001-len(wrapped(""))))), TooLarge, 1, 1, "75001 bytes", "100000 characters"},
		{"compressed data that becomes large", to64(deflated(wrapped(strings.Repeat(" ", 80000)))), TooLarge, 1, 1, "become more", "100000 characters"},
		{"a bomb of compressed data", to64(deflated("<a>" + strings.Repeat(" ", 5<<20))), TooLarge, 1, 1, "become more", "100000 characters"},
		{"compressed data that is large itself", to64("\x05" + incompressible(80000)), TooLarge, 1, 1, "80001 bytes", "100000 characters"},
	} {
		d, r := Read(c.pasted)
		if r == nil {
			t.Errorf("%s: got no refusal, layers %v", c.name, d.Layers)
			continue
		}
		if r.Reason != c.reason || r.Line != c.line || r.Column != c.column || !strings.Contains(r.Found, c.found) || !strings.Contains(r.Why, c.why) {
			t.Errorf("%s: got %v at %d:%d, found %s: %s; want %v at %d:%d, %q, %q", c.name, r.Reason, r.Line, r.Column, r.Found, r.Why, c.reason, c.line, c.column, c.found, c.why)
		}
		checkWords(t, c.name, r)
	}
}

// checkWords holds what every refusal's words have in common.
func checkWords(t *testing.T, name string, r *Refusal) {
	t.Helper()
	if r.Rule.Code == "" || r.Reason == 0 || r.Expected == "" || r.Found == "" || !strings.HasSuffix(r.Why, ".") || strings.Contains(r.Why, "you ") {
		t.Errorf("%s: got %+v", name, r)
	}
	if first, _ := utf8.DecodeRuneInString(r.Why); first >= 'a' && first <= 'z' {
		t.Errorf("%s: got %q want a capital letter", name, r.Why)
	}
	for _, text := range []string{r.Expected, r.Found, r.Why} {
		if utf8.RuneCountInString(text) > 600 || !utf8.ValidString(text) {
			t.Errorf("%s: got %d bytes in %.100q", name, len(text), text)
		}
	}
}

func TestReadKeepsWhatItCouldRead(t *testing.T) {
	d, r := Read(base64.StdEncoding.EncodeToString([]byte(sample[:250])))
	if r == nil || d.XML != sample[:250] || d.Value == "" || d.Root.Find(nsAssertion, "Assertion") == nil || !slices.Equal(d.Layers, []string{"base64"}) {
		t.Errorf("got %+v", d)
	}
	if d, r := Read("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln"); r == nil || d == nil || d.Root != nil || d.Root.Find(nsAssertion, "Assertion") != nil || d.Pretty() != "" {
		t.Errorf("a JWT: got %+v", d)
	}
}

// laid is a text in which another is encoded, and where: at[i] is the offset
// of the first character that encodes a part of the other's byte i.
type laid struct {
	text string
	at   []int
}

func plainly(text string) laid {
	l := laid{text: text}
	for i := range len(text) + 1 {
		l.at = append(l.at, i)
	}
	return l
}

// in lays l into an outer text, of which encode gives the part for each byte
// of l's; before and after stand around it.
func (l laid) in(before string, encode func(text string, i int) (size int, encoded string), after string) laid {
	var b strings.Builder
	b.WriteString(before)
	positions := make([]int, len(l.text)+1)
	for i := 0; i < len(l.text); {
		size, encoded := encode(l.text, i)
		for j := range size {
			positions[i+j] = b.Len()
			if len(encoded) == size {
				positions[i+j] += j
			}
		}
		b.WriteString(encoded)
		i += size
	}
	positions[len(l.text)] = b.Len()
	b.WriteString(after)
	out := laid{text: b.String(), at: make([]int, len(l.at))}
	for i, p := range l.at {
		out.at[i] = positions[p]
	}
	return out
}

// in64 lays l into base64 with line breaks after every width characters.
func (l laid) in64(encoding *base64.Encoding, width int, end string) laid {
	encoded := encoding.EncodeToString([]byte(l.text))
	var b strings.Builder
	var places []int
	for i := range len(encoded) {
		if width > 0 && i > 0 && i%width == 0 {
			b.WriteString(end)
		}
		places = append(places, b.Len())
		b.WriteByte(encoded[i])
	}
	places = append(places, b.Len())
	out := laid{text: b.String(), at: make([]int, len(l.at))}
	for i, p := range l.at {
		out.at[i] = places[min(p*8/6, len(places)-1)]
	}
	return out
}

func TestPositionGoesThroughEveryLayer(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	verbatim := func(text string, i int) (int, string) { return 1, text[i : i+1] }
	percent := func(text string, i int) (int, string) {
		if strings.IndexByte("+/=%", text[i]) >= 0 || r.IntN(20) == 0 {
			return 1, fmt.Sprintf("%%%02X", text[i])
		}
		return 1, text[i : i+1]
	}
	entities := func(text string, i int) (int, string) {
		c, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune(`<>&"'`, c) || r.IntN(20) == 0:
			return size, fmt.Sprintf("&#%d;", c)
		case c == '+':
			return size, "&#x2B;"
		}
		return size, text[i : i+size]
	}
	escapes := func(text string, i int) (int, string) {
		c, size := utf8.DecodeRuneInString(text[i:])
		if c >= 0x10000 {
			return size, fmt.Sprintf(`\u%04x\u%04X`, 0xD800+(c-0x10000)>>10, 0xDC00+(c-0x10000)&0x3FF)
		}
		quoted := quoteJSON(text[i : i+size])
		if quoted = quoted[1 : len(quoted)-1]; r.IntN(20) == 0 && len(quoted) < 6 {
			quoted = fmt.Sprintf(`\u%04x`, c)
		}
		return size, quoted
	}
	base64s := func(l laid) laid {
		encoding := []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding}[r.IntN(3)]
		return l.in64(encoding, []int{0, 64, 76, 7}[r.IntN(4)], []string{"\n", "\r\n", "\n  "}[r.IntN(3)])
	}
	layers := []struct {
		name string
		lay  func(laid) laid
	}{
		{"raw", func(l laid) laid { return l }},
		{"with a mark and white space", func(l laid) laid { return l.in("\ufeff\n ", verbatim, "\n") }},
		{"base64", base64s},
		{"URL-encoded base64", func(l laid) laid { return base64s(l).in("", percent, "%0A") }},
		{"a form's body", func(l laid) laid { return base64s(l).in("RelayState=é\n&SAMLResponse=", percent, "&b=c") }},
		{"a form", func(l laid) laid {
			return base64s(l).in("<html>\n<p>\U0001F600</p><input value='x'><input name='SAMLResponse' value=\"", entities, "\"></html>")
		}},
		{"escaped XML", func(l laid) laid { return l.in("", entities, "") }},
		{"JSON with XML", func(l laid) laid { return l.in("{\"é\": 1,\n\"SAMLResponse\": \"", escapes, "\"}") }},
		{"JSON with base64", func(l laid) laid { return base64s(l).in(`{"SAMLResponse": "`, escapes, `"}`) }},
		{"a string with XML", func(l laid) laid { return l.in("\n\"", escapes, `"`) }},
		{"a HAR with a body", func(l laid) laid {
			return base64s(l).in("SAMLResponse=", percent, "&b=c").in("{\"log\": {\"entries\": [\n{\"request\": {\"postData\": {\"text\": \"", escapes, `"}}}]}}`)
		}},
		{"a HAR with a page in base64", func(l laid) laid {
			return base64s(l).in("<html><input name=SAMLResponse value='", entities, "'>").in64(base64.StdEncoding, 0, "").in("{\"log\": {\"entries\": [{\"response\": {\"content\":\n{\"encoding\": \"base64\", \"text\": \"", escapes, `"}}}]}}`)
		}},
		{"a command line", func(l laid) laid {
			return base64s(l).in("aws sts assume-role-with-saml \\\n --saml-assertion '", verbatim, "'")
		}},
		{"base64 in base64", func(l laid) laid { return base64s(l).in64(base64.StdEncoding, 60, "\n") }},
	}
	for round := range 40 {
		xml := randomXML(r)
		name := strings.Index(xml, "<saml:NameID")
		for _, layer := range layers {
			l := layer.lay(plainly(xml))
			d, refusal := Read(l.text)
			if refusal != nil || d.XML != xml {
				t.Fatalf("round %d, %s: got %+v for %q", round, layer.name, refusal, l.text)
			}
			offsets := []int{0, name, name + 1, name + 2, len(xml) - 1}
			for range 20 {
				offsets = append(offsets, r.IntN(len(xml)))
			}
			for _, offset := range offsets {
				line, column := d.Position(offset)
				at := l.at[offset]
				for !utf8.RuneStart(l.text[at]) {
					at-- // a byte within a character is where that is
				}
				wantLine, wantColumn := source.Position(l.text, at)
				if line != wantLine || column != wantColumn {
					t.Fatalf("round %d, %s: byte %d: got %d:%d want %d:%d in %q", round, layer.name, offset, line, column, wantLine, wantColumn, l.text)
				}
			}
			for _, offset := range []int{-1, len(xml), len(xml) + 1, 1 << 30} {
				line, column := d.Position(offset)
				endLine, endColumn := source.Position(l.text, len(l.text))
				if line < 1 || column < 1 || line > endLine || line == endLine && column > endColumn {
					t.Errorf("%s: byte %d of %d: got %d:%d, behind the end at %d:%d", layer.name, offset, len(xml), line, column, endLine, endColumn)
				}
			}
		}
	}
}

func TestPositionInCompressedDataIsItsBeginning(t *testing.T) {
	d, r := Read("https://sp.example.test/\n?SAMLResponse=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(deflated(sample)))))
	if r != nil {
		t.Fatalf("got %+v", r)
	}
	for _, offset := range []int{0, 100, len(sample)} {
		if line, column := d.Position(offset); line != 2 || column != 15 {
			t.Errorf("byte %d: got %d:%d want 2:15", offset, line, column)
		}
	}
}

// randomXML is a response with text of every kind in it, and a NameID.
func randomXML(r *rand.Rand) string {
	text := func() string {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString([]string{"a", "Z", "9", "é", "Ω", "\U0001F600", "\n", " ", "&amp;", "?", "~", ">", "€"}[r.IntN(13)])
		}
		return b.String()
	}
	inner := "<saml:NameID>" + text() + "</saml:NameID>"
	for range r.IntN(6) {
		inner = text() + "<saml:Advice a='" + text() + "'>" + inner + "</saml:Advice>" + text()
	}
	return wrapped(inner)
}

func TestPretty(t *testing.T) {
	d, r := Read("<?xml version='1.0'?><!-- no --><a xmlns='urn:a' b='&lt;&quot;&#10;'><c/>\n<d>x<![CDATA[<&]]></d><e> y<f>z</f>\n</e></a>")
	if r != nil {
		t.Fatalf("got %+v", r)
	}
	const want = `<a xmlns="urn:a" b="&lt;&quot;&#xA;">
  <c/>
  <d>x&lt;&amp;</d>
  <e>
    y
    <f>z</f>
  </e>
</a>
`
	if got := d.Pretty(); got != want {
		t.Errorf("got %s want %s", got, want)
	}
	again, r := Read(d.Pretty())
	if r != nil || again.Pretty() != want {
		t.Errorf("read again: got %+v", r)
	}
}

func TestElements(t *testing.T) {
	d, _ := Read(sample)
	name := d.Root.Find(nsAssertion, "NameID")
	if name == nil || name.Name() != "saml:NameID" || !strings.HasPrefix(d.XML[name.Start:name.End], "<saml:NameID>Zoë") || !strings.HasSuffix(d.XML[name.Start:name.End], "</saml:NameID>") {
		t.Errorf("got %+v", name)
	}
	if d.Root.Find(nsProtocol, "NameID") != nil || d.Root.Child(nsAssertion, "NameID") != nil || d.Root.Child(nsAssertion, "Assertion").Attr("ID") != "_a1" || d.Root.Attr("id") != "" {
		t.Error("got an element or attribute of another name")
	}
	visited := 0
	d.Root.Walk(func(e *Element) bool { visited++; return !e.Is(nsAssertion, "Subject") })
	if visited != 3 {
		t.Errorf("got %d elements visited, want 3", visited)
	}
}
