package exchange

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"stsplayground/engine/source"
)

func TestWhatIsNotRecognisedIsSaidSo(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", " \n", "there is no text"},
		{"prose", "We met on Tuesday and talked about identity.", "this isn't recognised; paste a token"},
		{"other JSON", `{"hello": "world"}`, "this isn't recognised; paste"},
		{"a list", `[{"hello": {}}, 7, [[]]]`, "this isn't recognised; paste"},
		{"a number", "42", "this isn't recognised; paste"},
		{"a string", `"hello"`, "this isn't recognised; paste"},
		{"an encrypted token", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d", "this is an encrypted token (JWE)"},
		{"what begins like a token", "eyJhbGciOiJSUzI1NiJ9", "this isn't recognised; paste"},
		{"a token in base64 twice over", base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(jwt(rs256, gitHubClaims))))), "this isn't recognised; paste"},
		{"what begins like a token in base64", "ZXlKaGJHY2lPaUpTVXpJMU5pSjk", "this isn't recognised; paste"},
		{"a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "this is a private key, which is a secret"},
		{"a private key as a JWK", `{"kty": "RSA", "n": "x", "e": "AQAB", "d": "y"}`, "this key set has private keys in it"},
		{"an access key as JSON", `{"Version": 1, "AccessKeyId": "ASIA", "SecretAccessKey": "x", "SessionToken": "y"}`, "this is an access key of AWS with its secret, which is a secret"},
		{"a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "this is a certificate;"},
		{"a public key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "this is a public key in PEM"},
		{"the header of a token", `{"alg": "RS256", "typ": "JWT"}`, "this is the header of a token"},
		{"claims without iss", `{"sub": "repo:a/b:ref:refs/heads/main", "aud": "sts.amazonaws.com"}`, "these are the claims of a token without iss"},
		{"access keys", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", "these are credentials of AWS, which are secrets"},
		{"a key set that nobody is known to have", `{"keys": [{"kty": "EC", "kid": "a"}]}`, "this is a key set, and nothing here says whose"},
		{"an address of the console", "https://eu-west-1.console.aws.amazon.com/iam/home#/roles/details/x", "this is an address of AWS's console"},
		{"the address of a key set", "https://idp.example.com/.well-known/jwks.json", "this is the address of a key set, and nothing is fetched from here"},
		{"a discovery document of an issuer with a port", `{"issuer": "https://idp.example.com:8443", "jwks_uri": "https://idp.example.com:8443/keys"}`, "an issuer can't be registered: the URL of a provider has neither port nor query"},
		{"a link that was cut off", "Look: https://sts.example.com/#s=1.q1YqSy0qzszPU7JSKs_IL", "the link is cut off"},
		{"the end of a link that was cut off", "1.q1YqSy0qzszPU7JSKs_IL", "the link is cut off"},
		{"a link of a version to come", "https://sts.example.com/#s=9.q1YqSy0qzszPU7JSKs_ILy1WqgUA", "the link is of version 9"},
		{"gzip", "\x1f\x8b\x08\x00\x00", "this is compressed by gzip, which isn't text"},
		{"a ZIP", "PK\x03\x04\x14\x00", "this is a ZIP archive, which isn't text"},
		{"a PDF", "%PDF-1.7\n", "this is a PDF, which isn't text"},
		{"DER", "0\x82\x03\x41", "this is binary ASN.1 (DER)"},
		{"a picture", "\x89PNG\r\n\x1a\n", "this is a picture (PNG)"},
		{"a zero byte", "ab\x00c", "this is binary: byte 2 of it is zero"},
		{"text of Windows", "caf\xe9 {}", "the text is no UTF-8: byte 3 of it"},
		{"JSON that breaks off", "{\n \"Role\": {", "line 2: the text ends in the middle of a JSON value"},
		{"a YAML alias", "Role: &a {RoleName: x}\nOther: *a", "line 1: &a is a YAML anchor"},
		{"a YAML bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "line 1: &a is a YAML anchor"},
		{"a name that is there twice in YAML", "Role:\n  RoleName: a\n  RoleName: b", `line 3: "RoleName" is there a second time`},
		{"no UTF-8", "{\xfe}", "the text is no UTF-8: byte 1 of it"},
		{"deep JSON", `{"Role": ` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + "}", "line 1: values nest deeper than 64 levels"},
		{"deep YAML", "Role: " + strings.Repeat("[", 100000), "line 1: values nest deeper than 64 levels"},
		{"too much text", strings.Repeat("x", Limit+1), "the text has 1048577 bytes (1.0 MiB), and at most 1 MiB is taken in"},
		{"Terraform that breaks off", "resource \"aws_iam_role\" \"a\" {\n  name = \"x\"\n", `line 2: the block resource isn't closed`},
		{"Terraform with a string that isn't closed", "resource \"aws_iam_role\" \"a\" {\n  name = \"x\n}", `line 2: a string isn't closed`},
		{"Terraform with a heredoc that isn't closed", "resource \"aws_iam_role\" \"a\" {\n  name = <<EOF\n}", `line 3: the text that begins with <<EOF isn't closed`},
		{"brackets that never close", strings.Repeat("[{", 300000), "line 1: "},
		{"a template without anything for a scenario", "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Q: {Type: AWS::SQS::Queue}", "a CloudFormation template has nothing in it that a scenario has a place for"},
		{"an unused version of Terraform's output", `{"format_version": "1.0"}`, "a Terraform state has nothing in it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			imported, refusal := Import(test.text, nil, "")
			if !strings.HasPrefix(refusal, test.want) {
				t.Errorf("got the refusal %q and %q, want it to begin with %q", refusal, imported.What, test.want)
			}
		})
	}
}

func TestWrongTypesLeaveOut(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a role that is a number", `{"Role": 7}`, ""},
		{"roles of all types", `{"Roles": [1, null, "x", [], {"RoleName": ["a"]}, {"RoleName": "good", "MaxSessionDuration": "soon", "Tags": {"a": [1]}, "Path": {}}]}`, `{"accounts":{"123456789012":{"Roles":[{"RoleName":"good","Tags":[{"Key":"a","Value":""}]}]}}}`},
		{"properties that are a list", `{"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": []}}}`, `{"accounts":{"123456789012":{"Roles":[{"RoleName":"A"}]}}}`},
		{"a resource that is a string", `{"Resources": {"A": "x", "B": {"Type": "AWS::IAM::Group"}}}`, `{"accounts":{"123456789012":{"Groups":[{"GroupName":"B"}]}}}`},
		{"blocks that are numbers", `{"resource": {"aws_iam_role": {"a": 1, "b": [2], "c": null}}}`, `{"accounts":{"123456789012":{"Roles":[{"RoleName":"a"},{"RoleName":"b"}]}}}`},
		{"a policy that has a name twice stays the text that it is", `{"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{\"Version\":\"a\",\"Version\":\"b\"}"}`, `{"accounts":{"123456789012":{"Roles":[{"Policies":[{"PolicyDocument":"{\"Version\":\"a\",\"Version\":\"b\"}","PolicyName":"p"}],"RoleName":"r"}]}}}`},
		{"a number with a zero before it", "Role:\n  RoleName: r\n  MaxSessionDuration: 0600\n", `{"accounts":{"123456789012":{"Roles":[{"MaxSessionDuration":600,"RoleName":"r"}]}}}`},
		{"names with a slash and a tilde", `{"Role": {"RoleName": "a/b~c", "Arn": "arn:aws:iam::123456789012:role/a"}}`, `{"accounts":{"123456789012":{"Roles":[{"RoleName":"a/b~c"}]}}}`},
		{"the name __proto__", `{"User": {"UserName": "__proto__"}}`, `{"accounts":{"123456789012":{"Users":[{"UserName":"__proto__"}]}}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			imported, refusal := Import(test.text, nil, "")
			if test.want == "" {
				if refusal == "" {
					t.Errorf("got %v, want a refusal", imported)
				}
				return
			}
			if refusal != "" {
				t.Fatalf("got the refusal %q", refusal)
			}
			if got := apply(t, "{}", imported.Patch); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// What costs more than it looks like ends soon, with a note or a refusal.
func TestImportStaysCheap(t *testing.T) {
	doubling := func(line func(i int) string) string {
		var b strings.Builder
		for i := range 60 {
			b.WriteString(line(i))
		}
		return b.String()
	}
	big := strings.Repeat("x", 400000)
	for name, text := range map[string]string{
		"names of templates that double": "Resources:\n" + doubling(func(i int) string {
			return fmt.Sprintf("  R%d: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '${R%d}${R%d}'}}\n", i, i+1, i+1)
		}),
		"a template's name that is its own": "Resources:\n  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref R}}\n",
		"a long default, often": "Parameters:\n  P: {Type: String, Default: " + big + "}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [" +
			strings.Repeat("!Ref P, ", 50000) + "x]\n",
		"locals that double": "resource \"aws_iam_role\" \"a\" {\n name = local.l0\n}\nlocals {\n" + doubling(func(i int) string {
			return fmt.Sprintf(" l%d = \"${local.l%d}${local.l%d}\"\n", i, i+1, i+1)
		}) + "}\n",
		"lists that double": "resource \"aws_iam_role\" \"a\" {\n name = \"a\"\n managed_policy_arns = local.l0\n}\nlocals {\n" + doubling(func(i int) string {
			return fmt.Sprintf(" l%d = concat(local.l%d, local.l%d)\n", i, i+1, i+1)
		}) + " l60 = [\"a\", \"b\"]\n}\n",
		"a local that is its own":   "resource \"aws_iam_role\" \"a\" {\n name = local.l\n}\nlocals {\n l = local.l\n}\n",
		"strings inside of strings": "resource \"aws_iam_role\" \"a\" {\n name = " + strings.Repeat("\"${", 100000) + "\n}\n",
		"brackets that stay open":   "resource \"aws_iam_role\" \"a\" {\n name = " + strings.Repeat("[", 500000) + "\n}\n",
		"blocks inside of blocks":   "resource \"aws_iam_role\" \"a\" {\n" + strings.Repeat("a {\n", 100000),
		"a document for many": "locals {\n d = \"" + big + "\"\n}\n" + strings.Repeat("", 1) + func() string {
			var b strings.Builder
			for i := range 3000 {
				fmt.Fprintf(&b, "resource \"aws_iam_role\" \"r%d\" {\n assume_role_policy = local.d\n}\n", i)
			}
			return b.String()
		}(),
		"many roles": `{"Roles": [` + strings.TrimSuffix(func() string {
			var b strings.Builder
			for i := range 40000 {
				fmt.Fprintf(&b, `{"RoleName":"%d"},`, i)
			}
			return b.String()
		}(), ",") + `]}`,
		"many members": `{"Role": {"RoleName": "r", "AssumeRolePolicyDocument": {` + strings.TrimSuffix(func() string {
			var b strings.Builder
			for i := range 50000 {
				fmt.Fprintf(&b, `"%d":1,`, i)
			}
			return b.String()
		}(), ",") + `}}}`,
		"a list that is joined by a long text":    "resource \"aws_iam_role\" \"a\" {\n name = join(\"" + big + "\", [" + strings.Repeat("1,", 100000) + "1])\n}\n",
		"a template's list joined by a long text": "Resources:\n  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Join [" + big + ", [" + strings.Repeat("a, ", 100000) + "a]]}}\n",
		"the beginnings of tokens":                strings.Repeat("eyJ\n", 1<<18-1),
		"tokens of nothing":                       strings.Repeat("eyJhbGciOiJub25lIn0.e30.\n", 20000),
		"commands that stay open":                 strings.Repeat("aws '\n", 170000),
		"commands of nothing":                     strings.Repeat("aws sts get-caller-identity\n", 30000),
		"braces that stay open":                   "x " + strings.Repeat("{", 1<<20-10),
		"tags that stay open":                     "x " + strings.Repeat("<", 1<<20-10),
		"responses that stay open":                "x " + strings.Repeat("<Response ", 1<<16),
		"keys that stay open":                     "x\n" + strings.Repeat("-----BEGIN \n", 80000),
		"forms of nothing":                        strings.Repeat("SAMLResponse= ", 70000),
		"base64 in pieces":                        "x " + strings.Repeat(strings.Repeat("PHNhbWxw", 30)+" ", 4000),
		"quotes in quotes":                        strings.Repeat("'\"", 1<<18) + strings.Repeat("\"'", 1<<18),
		"links to nothing":                        strings.Repeat("#s= ", 1<<18-1),
		"percent signs":                           strings.Repeat("%25", 1<<18),
		"settings":                                strings.Repeat("AWS_ROLE_ARN=x\n", 60000),
		"roles of a response":                     "<Response><Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role\">" + strings.Repeat("<AttributeValue>x,y</AttributeValue>", 25000) + "</Attribute></Response>",
		"records of nothing":                      `{"Records": [` + strings.TrimSuffix(strings.Repeat(`{"eventName":"a","eventSource":"b"},`, 25000), ",") + `]}`,
		"tokens in a document":                    `{"a": [` + strings.TrimSuffix(strings.Repeat(`"eyJhbGciOiJub25lIn0.e30.",`, 30000), ",") + `]}`,
		"a replacement that grows":                "resource \"aws_iam_role\" \"a\" {\n name = replace(\"" + big + "\", \"x\", \"" + big + "\")\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			imported, refusal := Import(text, nil, "")
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			size := 0
			for _, o := range imported.Patch {
				if value, ok := o.Value.(interface{ String() string }); ok {
					size += len(value.String())
				}
			}
			if size > 40<<20 {
				t.Errorf("the patch has %d bytes", size)
			}
			if len(imported.Notes) > mostNotes+1 {
				t.Errorf("got %d notes", len(imported.Notes))
			}
			t.Logf("%d operations, %d bytes, %d notes, %q", len(imported.Patch), size, len(imported.Notes), source.Clip(refusal))
		})
	}
}

func FuzzTake(f *testing.F) {
	files, err := testdata.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if !file.IsDir() {
			text, err := testdata.ReadFile("testdata/" + file.Name())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text), "")
		}
	}
	token := jwt(rs256, gitHubClaims)
	for _, text := range []string{token, "Bearer " + token, token + "\n" + someKeys + aTrust, gitHubClaims, rs256 + eksClaims, aResponseXML, someMeta, recordBad, recordGood, anAnswer, scenarioYAML, aWorkflowYML, discoveryDoc, anErrorLine, "https://gitlab.com", "aws sts assume-role --role-arn x"} {
		for _, as := range []string{"", asSCP, "mint"} {
			f.Add(text, as)
		}
	}
	f.Fuzz(func(t *testing.T, text, as string) {
		hangs := time.AfterFunc(10*time.Second, func() { panic("it takes too long: " + strconv.Quote(text)) })
		defer hangs.Stop()
		for _, page := range []string{"{}", emptyPage, aPage} {
			view := View{Role: roleInView, Now: clockTime, As: as}
			taken, refusal := Take([]Input{{Text: text}}, node(t, page), view)
			if refusal != "" {
				continue
			}
			if taken.What == "" {
				t.Fatal("it says neither what it is nor why not")
			}
			world := node(t, apply(t, page, taken.Patch))
			for _, format := range Formats {
				Export(world, format)
			}
			again, refusal := Take([]Input{{Text: text}}, node(t, page), view)
			if refusal != "" || mustJSON(t, again) != mustJSON(t, taken) {
				t.Fatalf("it is another the second time: %q %s", refusal, mustJSON(t, again))
			}
		}
	})
}
