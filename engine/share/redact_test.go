package share_test

import (
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"stsplayground/engine"
	"stsplayground/engine/scenario"
	"stsplayground/engine/share"
	"stsplayground/engine/source"
)

const (
	canary = "c2lnbmF0dXJlLWNhbmFyeQ" // a signature
	secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func token(claims string) string {
	return b64(`{"alg":"RS256","kid":"1"}`) + "." + b64(claims) + "." + canary
}

const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue Id="v">` + canary + `</ds:SignatureValue></ds:Signature><Assertion><Attribute Name="Role">arn:aws:iam::210987654321:role/dev</Attribute></Assertion></samlp:Response>`

// call is a scenario of one call with one parameter.
func call(name string, value any) string {
	return fmt.Sprintf(`{"calls":[{"action":"sts:AssumeRoleWithWebIdentity","params":{%q:%s}}]}`, name, quoted(value))
}

func quoted(value any) string {
	n := source.Node{Kind: source.String, Text: fmt.Sprint(value)}
	return n.JSON("")
}

func TestSignaturesAreDroppedWhereverATokenStands(t *testing.T) {
	jwt := token(`{"iss":"https://idp.example.test","sub":"me"}`)
	unsigned := `{"unsigned":{"header":{"alg":"RS256","kid":"1"},"claims":{"iss":"https://idp.example.test","sub":"me"}}}`
	bare := jwt[:strings.LastIndex(jwt, ".")+1]
	deflated := base64.StdEncoding.EncodeToString([]byte(response))
	xml := strings.Replace(response, canary, "", 1)
	for name, test := range map[string]struct {
		in, want string
		kind     share.Kind
	}{
		"a token":                           {call("WebIdentityToken", jwt), unsigned, share.Token},
		"a token for an outside service":    {call("Token", jwt), unsigned, share.Token},
		"a token of a pod":                  {call("token", jwt), unsigned, share.Token},
		"a token among logins":              {`{"calls":[{"params":{"Logins":{"idp.example.test":"` + jwt + `"}}}]}`, unsigned, share.Token},
		"a token with a claim twice":        {call("WebIdentityToken", token(`{"sub":"a","sub":"b"}`)), b64(`{"sub":"a","sub":"b"}`) + `."`, share.Token},
		"a token after Bearer":              {call("WebIdentityToken", "Bearer "+jwt), `"Bearer ` + bare + `"`, share.Token},
		"a token in another parameter":      {call("SourceIdentity", jwt), bare, share.Token},
		"a token in the context":            {`{"calls":[{"context":{"x":["` + jwt + `"]}}]}`, bare, share.Token},
		"a token in the summary":            {`{"summary":"see ` + jwt + `, please"}`, bare + ", please", share.Token},
		"a token inside a policy's text":    {`{"accounts":{"123456789012":{"Roles":[{"AssumeRolePolicyDocument":` + quoted(`{"Statement":[{"Sid":"`+jwt+`"}]}`) + `}]}}}`, bare, share.Token},
		"a token in the solution":           {`{"lesson":{"solution":[{"op":"add","value":"` + jwt + `"}]}}`, bare, share.Token},
		"an encrypted token":                {call("WebIdentityToken", b64(`{"alg":"RSA-OAEP","enc":"A256GCM"}`)+".a2V5."+canary+".Y2lwaGVy.dGFn"), b64(`{"alg":"RSA-OAEP","enc":"A256GCM"}`) + `...."`, share.Encrypted},
		"an opaque token":                   {call("WebIdentityToken", "Atza|"+canary), `"left-out"`, share.Opaque},
		"a token of the access portal":      {call("accessToken", canary), `"left-out"`, share.Opaque},
		"a response in base64":              {call("SAMLAssertion", deflated), quoted(xml), share.Response},
		"a response of XML":                 {call("SAMLAssertion", response), quoted(xml), share.Response},
		"a response at the sign-in":         {call("SAMLResponse", deflated), quoted(xml), share.Response},
		"a response as a form's body":       {call("SAMLAssertion", "RelayState=&SAMLResponse="+url.QueryEscape(deflated)), quoted(xml), share.Response},
		"a response in a page's form":       {call("SAMLAssertion", `<html><form><input type="hidden" name="SAMLResponse" value="`+strings.ReplaceAll(deflated, "+", "&#43;")+`"/></form></html>`), quoted(xml), share.Response},
		"a response with lines":             {call("SAMLAssertion", deflated[:76]+"\r\n"+deflated[76:152]+"\r\n"+deflated[152:]), quoted(xml), share.Response},
		"a response in JSON":                {call("SAMLAssertion", `{"SAMLResponse": "`+deflated+`"}`), quoted(xml), share.Response},
		"a response in no form known here":  {call("SAMLAssertion", strings.Repeat("~"+canary, 4)), `"left-out"`, share.Unread},
		"a response in the summary":         {`{"summary":` + quoted(response) + `}`, quoted(xml), share.Response},
		"a response's base64 in a context":  {`{"calls":[{"context":{"x":"` + deflated + `"}}]}`, base64.StdEncoding.EncodeToString([]byte(xml)), share.Response},
		"what is encrypted in a response":   {call("SAMLAssertion", `<Response><EncryptedAssertion><CipherValue>`+canary+`</CipherValue></EncryptedAssertion></Response>`), `<CipherValue></CipherValue>`, share.Encrypted},
		"a signature that was left unended": {call("SAMLAssertion", `<Response><SignatureValue>`+canary), `"<Response><SignatureValue>"`, share.Response},
		"an unsigned response that is not":  {`{"calls":[{"params":{"SAMLAssertion":{"unsigned":` + quoted(response) + `}}}]}`, quoted(xml), share.Response},
	} {
		t.Run(name, func(t *testing.T) {
			redacted, changes := share.Redact(parse(t, test.in), share.Options{})
			got := redacted.JSON("")
			if !strings.Contains(got, test.want) || strings.Contains(got, canary) {
				t.Errorf("got %s\nwant in it %s\nand no %s", got, test.want, canary)
			}
			if len(changes) == 0 || share.Counts(changes)[test.kind] != 1 {
				t.Errorf("got the changes %v, want a %s", changes, test.kind)
			}
			again, more := share.Redact(&redacted, share.Options{})
			if again.JSON("") != got || len(more) > 0 {
				t.Errorf("once more: got %s, %v", again.JSON(""), more)
			}
			if kept, _ := share.Redact(parse(t, test.in), share.Options{Signatures: true}); kept.JSON("") != parse(t, test.in).JSON("") {
				t.Errorf("with signatures: got %s, want it as it was", kept.JSON(""))
			}
		})
	}
}

func TestWhatHasNoSignatureStaysAsItWas(t *testing.T) {
	for name, text := range map[string]string{
		"a minted token":                 `{"calls":[{"params":{"WebIdentityToken":{"mint":{"issuer":"https://idp.example.test"}}}}]}`,
		"a token without one":            call("WebIdentityToken", b64(`{"alg":"none"}`)+"."+b64(`{"sub":"me"}`)+"."),
		"a token of an earlier call":     `{"calls":[{"params":{"Token":{"from":"an earlier call"}}}]}`,
		"a response without one":         call("SAMLAssertion", `<samlp:Response><Assertion/></samlp:Response>`),
		"three numbers with dots":        `{"summary":"version 10000001.20000002.30000003"}`,
		"a host's name":                  `{"summary":"token.actions.githubusercontent.com"}`,
		"words":                          call("WebIdentityToken", "paste the token here"),
		"a short word":                   call("WebIdentityToken", "abc"),
		"a playground's private key":     `{"accounts":{"123456789012":{"SAMLProviders":[{"Name":"a","privateKeys":["playground"]}]}}}`,
		"a certificate":                  call("certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"),
		"an EncodedMessage of the scene": call("EncodedMessage", strings.Repeat("x", 100)),
	} {
		redacted, changes := share.Redact(parse(t, text), share.Options{})
		if got := redacted.JSON(""); got != parse(t, text).JSON("") || len(changes) > 0 {
			t.Errorf("%s: got %s, %v", name, got, changes)
		}
	}
}

func TestPrivateKeysAndSecretsNeverLeave(t *testing.T) {
	pem := "-----BEGIN RSA PRIVATE KEY-----\n" + secret + "\n-----END RSA PRIVATE KEY-----\n"
	for name, test := range map[string]struct {
		in, want string
		kind     share.Kind
	}{
		"a provider's key":              {`{"accounts":{"123456789012":{"SAMLProviders":[{"Name":"a","privateKeys":["playground",` + quoted(pem) + `]}]}}}`, `"privateKeys":["playground"]`, share.PrivateKey},
		"a key that a call adds":        {call("AddPrivateKey", pem), `""`, share.PrivateKey},
		"a key behind a certificate":    {call("certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"+pem), `MIIB`, share.PrivateKey},
		"a key whose end is missing":    {`{"summary":` + quoted("-----BEGIN PRIVATE KEY-----\n"+secret) + `}`, `"summary":""`, share.PrivateKey},
		"an encrypted key":              {`{"summary":` + quoted("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"+secret+"\n-----END ENCRYPTED PRIVATE KEY-----") + `}`, `"summary":""`, share.PrivateKey},
		"private members of a key set":  {`{"issuers":[{"jwks":{"keys":[{"kty":"RSA","n":"AQAB","d":"` + secret + `","p":"` + secret + `"}]}}]}`, `{"kty":"RSA","n":"AQAB"}`, share.PrivateKey},
		"a symmetric key":               {`{"issuers":[{"jwks":{"keys":[{"kty":"oct","k":"` + secret + `"}]}}]}`, `{"kty":"oct"}`, share.PrivateKey},
		"a key set in a string":         {`{"issuers":[{"jwks":` + quoted(`{"keys":[{"kty":"EC","x":"1","d":"`+secret+`"}]}`) + `}]}`, `\"kty\": \"EC\"`, share.PrivateKey},
		"the seed of an MFA device":     {`{"accounts":{"123456789012":{"VirtualMFADevices":[{"SerialNumber":"a","Base32StringSeed":"` + secret + `"}]}}}`, `{"SerialNumber":"a"}`, share.Secret},
		"a client secret":               {call("clientSecret", secret), `"left-out"`, share.Secret},
		"a secret access key in text":   {`{"summary":"aws_secret_access_key = ` + secret + `"}`, `aws_secret_access_key = left-out`, share.Secret},
		"a session token in JSON text":  {`{"summary":` + quoted(`{"Credentials": {"SessionToken": "`+secret+secret+`"}}`) + `}`, `left-out`, share.Secret},
		"credentials among parameters":  {call("SecretAccessKey", secret), `"left-out"`, share.Secret},
		"an exported environment":       {`{"summary":"export AWS_SESSION_TOKEN=` + secret + `"}`, `AWS_SESSION_TOKEN=left-out`, share.Secret},
		"a refresh token of a response": {`{"summary":` + quoted(`"refresh_token": "`+secret+`"`) + `}`, `left-out`, share.Secret},
	} {
		for _, o := range []share.Options{{}, {Signatures: true}, {Accounts: true, People: true}} {
			redacted, changes := share.Redact(parse(t, test.in), o)
			got := redacted.JSON("")
			if strings.Contains(got, secret) || !o.Accounts && !strings.Contains(got, test.want) {
				t.Errorf("%s: got %s\nwant in it %s, and no secret", name, got, test.want)
			}
			if share.Counts(changes)[test.kind] != 1 {
				t.Errorf("%s: got %v, want one %s", name, changes, test.kind)
			}
		}
	}
}

func TestStandInsAreTheSameEverywhere(t *testing.T) {
	world := `{"accounts":{"210987654321":{"Roles":[{"RoleName":"a","AssumeRolePolicyDocument":` + quoted(`{"Principal":{"AWS":"arn:aws:iam::210987654321:root"},"Condition":{"StringLike":{"aws:userid":"*:Alice@Acme.test","x:email":"*@acme.test"}}}`) + `}]},"098765432109":null},
		"organization":{"managementAccount":"300000000003"},
		"calls":[{"caller":"arn:aws-cn:iam::210987654321:user/alice@acme.test","params":{
		"RoleArn":"arn:aws:iam::098765432109:role/r","AccessKeyId":"` + keyID("210987654321") + `","u":"arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fx","b":"bucket-210987654321","n":210987654321,"longer":"2109876543210",
		"WebIdentityToken":{"unsigned":{"claims":{"email":"bob@other.test","sub":"alice%40acme.test","account":"400000000004"}}},
		"SAMLAssertion":{"unsigned":"<A>arn:aws:iam::210987654321:saml-provider/x</A>"}}}]}`
	redacted, changes := share.Redact(parse(t, world), share.Options{Accounts: true, People: true})
	got := redacted.JSON("")
	for _, want := range []string{
		`"accounts":{"111122223333":`, `"444455556666":null`, `arn:aws:iam::111122223333:root`, `"managementAccount":"777788889999"`, `"caller":"arn:aws-cn:iam::111122223333:user/person1@example.com"`,
		`arn:aws:iam::444455556666:role/r`, `"AccessKeyId":"` + keyID("111122223333") + `"`, `arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fx`, `bucket-111122223333`, `"n":111122223333`, `"longer":"2109876543210"`,
		`*:Person1@Example.com`, `*@example.com`, `"sub":"person1%40example.com"`, `"email":"person2@example.org"`, `"account":"123456789012"`, `saml-provider/x`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s\nwant in it %s", got, want)
		}
	}
	for _, gone := range []string{"\"210987654321\"", "098765432109", "alice", "Alice", "acme", "bob", "other.test"} {
		if strings.Contains(got, gone) {
			t.Errorf("got %s, want no %s in it", got, gone)
		}
	}
	if counts := share.Counts(changes); counts[share.Account] != 4 || counts[share.Person] != 2 {
		t.Errorf("got %v, want 4 accounts and 2 people", counts)
	}
	again, _ := share.Redact(&redacted, share.Options{Accounts: true, People: true})
	if again.JSON("") != got {
		t.Errorf("once more: got %s\nwant %s", again.JSON(""), got)
	}
}

func TestAddressesThatDifferInCaseGoOnToDiffer(t *testing.T) {
	redacted, _ := share.Redact(parse(t, `{"calls":[{"context":{"a":"alice@acme.test","b":"Alice@acme.test","c":"ALICE@acme.test","d":"alice@ACME.test"}}]}`), share.Options{People: true})
	c := redacted.Get("calls").Items[0].Get("context")
	seen := map[string]bool{}
	for _, m := range c.Members {
		if !strings.EqualFold(m.Value.Text, "person1@example.com") || seen[m.Value.Text] {
			t.Errorf("got %s, want another way to write person1@example.com", m.Value.Text)
		}
		seen[m.Value.Text] = true
	}
}

func TestAStandInIsNobodyElses(t *testing.T) {
	redacted, changes := share.Redact(parse(t, `{"calls":[{"context":{"a":"person1@example.com","b":"zoe@acme.test","c":"*@example.com","d":"dana@example.com"}}]}`), share.Options{People: true})
	if got, want := redacted.Get("calls").Items[0].Get("context").JSON(""), `{"a":"person1@example.com","b":"person2@example.org","c":"*@example.com","d":"dana@example.com"}`; got != want || len(changes) != 1 {
		t.Errorf("got %s, %v, want %s", got, changes, want)
	}
}

func TestTheFifthAccountHasAStandInToo(t *testing.T) {
	var accounts []string
	for i := range 7 {
		accounts = append(accounts, fmt.Sprintf(`"90000000000%d":null`, i))
	}
	redacted, _ := share.Redact(parse(t, `{"accounts":{`+strings.Join(accounts, ",")+`}}`), share.Options{Accounts: true})
	if got, want := redacted.JSON(""), `{"accounts":{"111122223333":null,"444455556666":null,"777788889999":null,"123456789012":null,"100000000005":null,"100000000006":null,"100000000007":null}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestKeysAreLeftOutOnRequest(t *testing.T) {
	redacted, changes := share.Redact(parse(t, `{"issuers":[{"url":"https://a","jwks":{"keys":[]}}],"accounts":{"123456789012":{"SAMLProviders":[{"Name":"x","SAMLMetadataDocument":"<E/>"}]}}}`), share.Options{NoKeys: true})
	if got, want := redacted.JSON(""), `{"issuers":[{"url":"https://a"}],"accounts":{"123456789012":{"SAMLProviders":[{"Name":"x"}]}}}`; got != want || len(changes) != 2 {
		t.Errorf("got %s, %v, want %s", got, changes, want)
	}
}

// Every parameter that takes a token is known here by its name, or is opaque.
func TestEveryParameterThatTakesATokenIsKnown(t *testing.T) {
	jwt := token(`{"sub":"me"}`)
	for _, action := range engine.Operations() {
		for _, p := range scenario.Parameters(action) {
			value := quoted(jwt)
			switch p.Kind {
			case scenario.KindToken:
			case scenario.KindTokens:
				value = `{"idp.example.test":` + value + `}`
			default:
				continue
			}
			text := fmt.Sprintf(`{"calls":[{"action":%q,"params":{%q:%s}}]}`, action, p.Name, value)
			redacted, changes := share.Redact(parse(t, text), share.Options{})
			if strings.Contains(redacted.JSON(""), canary) || len(changes) != 1 {
				t.Errorf("%s %s: got %s", action, p.Name, redacted.JSON(""))
			}
			if _, findings := scenario.Decode(redacted.JSON(""), scenario.LimitCheck); scenario.Unreadable(findings) {
				t.Errorf("%s %s: %v", action, p.Name, findings)
			}
		}
	}
}

func TestTitlesMakeFileNames(t *testing.T) {
	for title, want := range map[string]string{
		"GitHub Actions deploys from main": "github-actions-deploys-from-main",
		"Alice’s 2nd: ../../etc/passwd":    "alices-2nd-etc-passwd",
		"":                                 "scenario",
		"   ---   ":                        "scenario",
		"日本語":                              "scenario",
		strings.Repeat("long ", 40):        strings.TrimSuffix(strings.Repeat("long-", 12), "-"),
	} {
		if got := share.FileName(parse(t, `{"title":`+quoted(title)+`}`)); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}

// keyID is the id of an access key of an account.
func keyID(account string) string {
	var number uint64
	fmt.Sscan(account, &number)
	octets := make([]byte, 10)
	for i, head := 0, 1<<63|number<<23; i < 8; i++ {
		octets[i] = byte(head >> (56 - 8*i))
	}
	return "ASIA" + base32.StdEncoding.EncodeToString(octets)
}
