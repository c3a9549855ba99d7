package share_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"stsplayground/engine/share"
	"stsplayground/engine/source"
)

func std(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func deflated(text string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func utf16LE(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func lines(text string, width int) string {
	var b strings.Builder
	for ; len(text) > width; text = text[width:] {
		b.WriteString(text[:width] + "\n")
	}
	return b.String() + text
}

// What is nobody else's business, in the odd places and forms in which it is
// pasted. gone are texts that mustn't be in the scenario that is left.
func TestWhatIsHiddenInOddFormsDoesNotLeave(t *testing.T) {
	signature := strings.Repeat("c2lnbmF0dXJlLWNhbmFyeQ", 6)
	jwt := b64(`{"alg":"RS256","kid":"1"}`) + "." + b64(`{"iss":"https://idp.example.test","sub":"me and all the others"}`) + "." + signature
	xml := strings.ReplaceAll(response, canary, signature)
	scalar := "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"
	jwk := `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"` + scalar + `"}`
	d, _ := new(big.Int).SetString("c9806898a0334916c860748880a541f093b579a9b1f32934d86c363c39800357", 16)
	ec := &ecdsa.PrivateKey{D: d}
	ec.Curve = elliptic.P256()
	ec.X, ec.Y = ec.ScalarBaseMult(d.Bytes())
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)))
	der := base64.StdEncoding.EncodeToString(sec1)
	armored := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	inside := base64.StdEncoding.EncodeToString(pkcs8)
	seed := "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	session := "IQoJb3JpZ2luX2VjEHAaCXVzLWVhc3QtMSJHMEUCIQCanaryCanaryCanary"
	putty := "PuTTY-User-Key-File-2: ssh-ed25519\nEncryption: none\nPublic-Lines: 2\nAAAAC3Nz\nPrivate-Lines: 1\n" + secret + "\nPrivate-MAC: 0123abcd"

	for name, test := range map[string]struct{ text, gone string }{
		"a token in lines":                        {"see\n" + lines(jwt, 64) + "\nfor more", signature[len(signature)-12:]},
		"a token with escaped dots":               {strings.ReplaceAll(jwt, ".", "%2E"), signature},
		"a token with padding":                    {std(`{"alg":"RS256","kid":"12"}`) + "." + std(`{"sub":"me"}`) + "." + signature, signature},
		"a token in base64":                       {std(jwt), std(jwt)[len(std(jwt))-40:]},
		"a token in base64 twice, in a sentence":  {"it is " + std(std("token: "+jwt)) + " here", std(std("token: " + jwt))[200:240]},
		"a token in JSON form":                    {`{"payload":"` + b64(`{"sub":"me"}`) + `","protected":"` + b64(`{"alg":"RS256"}`) + `","signature":"` + signature + `"}`, signature},
		"a token in JSON in a list":               {`[{"a":["` + jwt + `"]}]`, signature},
		"a response's base64 in a sentence":       {"my response: " + std(xml) + " (from Okta)", std(xml)},
		"a response, URL-encoded":                 {"SAMLResponse=" + url.QueryEscape(std(xml)) + "&RelayState=x", url.QueryEscape(std(xml))},
		"a response of a redirect":                {"https://sp.example/acs?SAMLResponse=" + url.QueryEscape(std(deflated(xml))), url.QueryEscape(std(deflated(xml)))},
		"a redirect's own signature":              {"https://sp.example/acs?SAMLResponse=" + url.QueryEscape(std(deflated("<Response/>"))) + "&SigAlg=rsa&Signature=" + signature, signature},
		"a response escaped for HTML":             {strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(xml), signature},
		"a response escaped for JSON":             {strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(xml), signature},
		"a response in UTF-16 and base64":         {std(utf16LE(xml)), std(utf16LE(xml))},
		"a response compressed by gzip":           {std(gzipped(xml)), std(gzipped(xml))},
		"a response in lines of JSON":             {`{"x":"` + strings.ReplaceAll(lines(std(xml), 76), "\n", `\r\n`) + `"`, std(xml)[strings.Index(xml, signature)/3*4+8:][:40]},
		"a signature with a > in an attribute":    {`<SignatureValue a="/>">` + signature + `</SignatureValue>`, signature},
		"an encrypted assertion in base64":        {"x " + std(`<Response><EncryptedAssertion><xenc:CipherValue>`+signature+`</xenc:CipherValue></EncryptedAssertion></Response>`), std(signature)[:40]},
		"a private key in base64":                 {"client-key-data: " + std(armored), std(armored)},
		"a private key without its armour":        {der, der},
		"a private key without armour, in lines":  {"key:\n" + lines(der, 64) + "\nend", der[:60]},
		"a private key of PKCS #8 in a sentence":  {"use " + inside + " please", inside},
		"a private key in JSON's lines":           {strings.ReplaceAll(armored, "\n", `\n`), inside},
		"an OpenPGP key":                          {"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + secret + "\n-----END PGP PRIVATE KEY BLOCK-----", secret},
		"an OpenSSH key":                          {"-----BEGIN OPENSSH PRIVATE KEY-----\n" + secret + "\n-----END OPENSSH PRIVATE KEY-----", secret},
		"an SSH2 key":                             {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n" + secret + "\n---- END SSH2 ENCRYPTED PRIVATE KEY ----", secret},
		"a key of PuTTY":                          {putty, secret},
		"a key of .NET":                           {"<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent><D>" + secret + "</D></RSAKeyValue>", secret},
		"a private JWK in a list":                 {"[" + jwk + "]", scalar},
		"a private JWK in a sentence":             {"the key is " + jwk + ", keep it", scalar},
		"a private JWK in JSON in JSON":           {quoted(quoted(jwk)), scalar},
		"a private JWK in base64":                 {b64(jwk), b64(jwk)},
		"an RSA JWK with its primes only":         {`{"kty":"RSA","n":"AQAB","p":"` + scalar + `","q":"` + scalar + `"}`, scalar},
		"credentials as STS answers":              {"<Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>" + secret + "</SecretAccessKey></Credentials>", secret},
		"credentials in JSON in JSON":             {quoted(`{"SecretAccessKey": "` + secret + `"}`), secret},
		"credentials in the CLI's text":           {"CREDENTIALS\tASIAIOSFODNN7EXAMPLE\t2026-04-28T11:30:00Z\t" + secret + "\t" + session, secret},
		"a session token in the CLI's text":       {"CREDENTIALS\tASIAIOSFODNN7EXAMPLE\t" + session, session},
		"credentials in CSV":                      {"Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE," + secret, secret},
		"a secret access key alone":               {secret, secret},
		"a session token alone":                   {session, session},
		"an answer to aws configure":              {"AWS Secret Access Key [None]: " + secret, secret},
		"credentials in a container's definition": {`{"environment":[{"name":"AWS_SECRET_ACCESS_KEY","value":"hunter2hunter2"}]}`, "hunter2"},
		"credentials in a pod's definition":       {"- name: AWS_SECRET_ACCESS_KEY\n  value: " + secret, secret},
		"a presigned address":                     {"https://sts.amazonaws.com/?X-Amz-Signature=" + strings.Repeat("0a1b", 16), strings.Repeat("0a1b", 16)},
		"a signed request":                        {"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=" + strings.Repeat("0a1b", 16), strings.Repeat("0a1b", 16)},
		"a token of a cluster":                    {"k8s-aws-v1." + signature, signature},
		"a cookie of a request":                   {"GET / HTTP/1.1\r\nCookie: sid=topsecretcookie; other=1\r\n", "topsecretcookie"},
		"a cookie of a curl command":              {"curl -H 'cookie: sid=topsecretcookie' https://x", "topsecretcookie"},
		"a cookie given to curl":                  {"curl -b 'sid=topsecretcookie' https://x", "topsecretcookie"},
		"a cookie in a HAR":                       {`{"headers":[{"name":"Cookie","value":"sid=topsecretcookie"}]}`, "topsecretcookie"},
		"a bearer":                                {"Authorization: Bearer abcdefghijklmnop0123", "abcdefghijklmnop0123"},
		"basic credentials":                       {"authorization: Basic " + std("client:topsecretcookie"), std("client:topsecretcookie")},
		"a login in an address":                   {"https://me:topsecretcookie@git.example.test/x", "topsecretcookie"},
		"a password of a form":                    {"username=me&password=topsecretcookie&x=1", "topsecretcookie"},
		"the seed of an MFA device alone":         {seed, seed},
		"the seed of an MFA device in a QR code":  {"otpauth://totp/AWS:me?secret=JBSWY3DPEHPK3PXP&issuer=AWS", "JBSWY3DPEHPK3PXP"},
		"the seed of an MFA device in groups":     {"seed: jbsw y3dp ehpk 3pxp jbsw", "jbsw y3dp"},
		"a virtual device as the CLI prints it":   {`{"VirtualMFADevice": {"Base32StringSeed": "` + std(seed) + `", "QRCodePNG": "` + std(strings.Repeat("png", 30)) + `"}}`, std(seed)},
		"a personal token of GitHub":              {"GH_TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ0123", "ghp_0123"},
		"a token of GitLab":                       {"glpat-0123456789abcdefghij", "glpat-0123"},
	} {
		t.Run(name, func(t *testing.T) {
			for place, scenario := range map[string]string{
				"title":             `{"title":` + quoted(test.text) + `}`,
				"a context's value": `{"calls":[{"context":{"x":[` + quoted(test.text) + `]}}]}`,
				"a context's key":   `{"calls":[{"context":{` + quoted(test.text) + `:"x"}}]}`,
				"a policy":          `{"accounts":{"123456789012":{"Roles":[{"AssumeRolePolicyDocument":` + quoted(`{"Statement":[{"Sid":`+quoted(test.text)+`}]}`) + `}]}}}`,
				"a tag":             `{"accounts":{"123456789012":{"Roles":[{"Tags":[{"Key":"x","Value":` + quoted(test.text) + `}]}]}}}`,
				"a lesson":          `{"lesson":{"task":` + quoted(test.text) + `,"solution":{"x":[` + quoted(test.text) + `]}}}`,
				"an unsigned token": `{"calls":[{"params":{"WebIdentityToken":{"unsigned":{"claims":{"x":` + quoted(test.text) + `}}}}}]}`,
				"a response":        `{"calls":[{"params":{"SAMLAssertion":` + quoted(test.text) + `}}]}`,
				"a token":           `{"calls":[{"params":{"WebIdentityToken":` + quoted(test.text) + `}}]}`,
			} {
				redacted, changes := share.Redact(parse(t, scenario), share.Options{})
				got := redacted.JSON("")
				if strings.Contains(got, test.gone) || strings.Contains(strings.ReplaceAll(got, `\`, ""), test.gone) || len(changes) == 0 {
					t.Errorf("%s: got %.600s\nwant no %s in it", place, got, test.gone)
				}
			}
		})
	}
}

// What unpacks to more than is looked into is left out.
func TestWhatIsHiddenInABombDoesNotLeave(t *testing.T) {
	jwt := b64(`{"alg":"RS256","kid":"1"}`) + "." + b64(`{"iss":"https://idp.example.test","sub":"me and all the others"}`) + "." + strings.Repeat(canary, 6)
	bomb := std(deflated(strings.Repeat(std(deflated(strings.Repeat("a", 40_000)))+" ", 5000)))
	redacted, _ := share.Redact(parse(t, `{"title":`+quoted(strings.Repeat(bomb+" ", 2)+std(jwt))+`,"AVeryLongNameOfSomeMember":1}`), share.Options{})
	if got := redacted.Get("title").Text; !strings.HasSuffix(got, " left-out") {
		t.Errorf("got %.200s…%s", got, got[max(0, len(got)-200):])
	}
	if redacted.Get("AVeryLongNameOfSomeMember") == nil {
		t.Error("a name was taken for something hidden")
	}
}

// What looks like a secret at first sight and is none.
func TestWhatIsPublicStays(t *testing.T) {
	for _, text := range []string{
		"arn:aws:iam::123456789012:role/service-role/AmazonEC2RunCommandRoleForManagedInstances",
		"ActionsRunnersOfTheDeploymentTeamInPariS", "0123456789abcdef0123456789abcdef01234567", // a commit
		"6938fd4d98bab03faadb97b34396831e3780aea1", "AROAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE",
		"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8A\niTo7Tu6KPAqv7D7gS2XpJFbZiItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==\n-----END PUBLIC KEY-----",
		`{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}`,
		"https://token.actions.githubusercontent.com", "repo:acme/app:ref:refs/heads/main", "The secret of access keys is that there is a session token.",
		`{"Effect":"Deny","Action":["iam:UpdateAccountPasswordPolicy","secretsmanager:GetSecretValue"],"Resource":"arn:aws:secretsmanager:*:*:secret:prod/ABCdef/*"}`,
		"password: none", "mailto:me@example.com", std(`<Response><Issuer>https://idp.example.test</Issuer><Assertion/></Response>`),
	} {
		redacted, changes := share.Redact(&source.Node{Kind: source.String, Text: text}, share.Options{})
		if redacted.Text != text || len(changes) > 0 {
			t.Errorf("%s: got %s, %v", text, redacted.Text, changes)
		}
	}
}

func TestStandInsReachWhatIsPacked(t *testing.T) {
	claims := `{"sub":"o'brien@acme.test","upn":"jürgen_acme.test#EXT#@contoso.test","account":"210987654321"}`
	world := fmt.Sprintf(`{"title":"of Account 2109-8765-4321","summary":%s,"accounts":{"210987654321":null},"calls":[{"context":{"a":%s,"b":%s}}]}`,
		quoted("see "+b64(`{"alg":"none"}`)+"."+b64(claims)+"."), quoted(std("<a>arn:aws:iam::310987654321:role/x of alice@acme.test in 210987654321</a>")), quoted(std(deflated("<a>bob@acme.test, and more of what can be compressed</a>"))))
	redacted, _ := share.Redact(parse(t, world), share.Options{Accounts: true, People: true})
	var all strings.Builder
	var read func(n *source.Node)
	read = func(n *source.Node) {
		for _, word := range strings.FieldsFunc(n.Text, func(r rune) bool { return r == ' ' || r == '.' }) {
			for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				if octets, err := e.DecodeString(word); err == nil {
					all.Write(octets)
				}
			}
		}
		all.WriteString(n.Text + "\n")
		for i := range n.Items {
			read(&n.Items[i])
		}
		for i := range n.Members {
			all.WriteString(n.Members[i].Name + "\n")
			read(&n.Members[i].Value)
		}
	}
	read(&redacted)
	for _, gone := range []string{"210987654321", "2109-8765-4321", "310987654321", "acme", "contoso", "brien", "rgen", "alice", "bob"} {
		if strings.Contains(all.String(), gone) {
			t.Errorf("got %s\nwant no %s in it", all.String(), gone)
		}
	}
	if want := "of Account 1111-2222-3333"; redacted.Get("title").Text != want {
		t.Errorf("got %s, want %s", redacted.Get("title").Text, want)
	}
	again, _ := share.Redact(&redacted, share.Options{Accounts: true, People: true})
	if again.JSON("") != redacted.JSON("") {
		t.Errorf("once more: got %s\nwant %s", again.JSON(""), redacted.JSON(""))
	}
}
