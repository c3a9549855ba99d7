//go:build !js

package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"stsplayground/engine/source"
)

// What goes out is read here by the programs that it is for, or by their own
// parsers: hashicorp/hcl reads the Terraform, Bash and the AWS CLI the
// commands, cfn-lint the templates.

func tool(t *testing.T, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is missing, and this isn't tested: %s", name, install)
	}
	return path
}

// exported are the things of each account as they go out, with the file's text.
func exported(world *source.Node, d dialect, write func(*outlet) string) map[string]*outlet {
	all := map[string]*outlet{}
	accounts := members(world.Get("accounts"))
	for i := range accounts {
		o := newOutlet(d)
		o.account, o.what = accounts[i].Name, "account "+accounts[i].Name
		o.collect(&accounts[i].Value)
		o.arrange()
		all[write(o)] = o
	}
	return all
}

func TestTerraformIsReadAsItWasMeant(t *testing.T) {
	context := &hcl.EvalContext{
		Variables: map[string]cty.Value{"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(".")})},
		Functions: map[string]function.Function{
			"jsonencode": stdlib.JSONEncodeFunc,
			"file": function.New(&function.Spec{
				Params: []function.Parameter{{Type: cty.String}}, Type: function.StaticReturnType(cty.String),
				Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], nil },
			}),
		},
	}
	for slug, world := range worlds(t) {
		for text, o := range exported(world, terraform, module) {
			t.Run(slug+"/"+o.account, func(t *testing.T) {
				file, problems := hclsyntax.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
				if problems.HasErrors() {
					t.Fatalf("%s\n%s", problems, text)
				}
				bodies := map[string]hclsyntax.Attributes{}
				kept := "{}"
				for _, block := range file.Body.(*hclsyntax.Body).Blocks {
					if block.Type == "resource" {
						bodies[strings.Join(block.Labels, ".")] = block.Body.Attributes
					}
					if block.Type == "locals" {
						got, problems := block.Body.Attributes[keptKey].Expr.Value(context)
						encoded, err := stdlib.JSONEncode(got)
						if problems.HasErrors() || err != nil {
							t.Fatal(problems, err)
						}
						kept = encoded.AsString()
					}
				}
				if len(bodies) != len(o.all) {
					t.Errorf("got %d resources, want %d", len(bodies), len(o.all))
				}
				if diff := cmp.Diff(sorted(t, o.kept.JSON("")), sorted(t, kept)); diff != "" {
					t.Errorf("what is there already is read otherwise (-meant +read):\n%s", diff)
				}
				for _, thing := range o.all {
					k := thing.kind
					attributes := bodies[k.in[terraform]+"."+thing.label]
					for _, f := range k.fields {
						want := f.write(terraform, k, thing.entry)
						name := f.in[terraform]
						if want == nil || name == "inline_policy" || name == "managed_policy_arns" || name == "saml_provider_uuid" {
							continue
						}
						attribute := attributes[name]
						if attribute == nil {
							t.Errorf("%s has no %s", thing.label, name)
							continue
						}
						got, problems := attribute.Expr.Value(context)
						if problems.HasErrors() {
							t.Errorf("%s.%s: %s", thing.label, name, problems)
							continue
						}
						said := ""
						if f.form == document {
							said = got.AsString()
						} else {
							encoded, err := stdlib.JSONEncode(got)
							if err != nil {
								t.Fatal(err)
							}
							said = encoded.AsString()
						}
						if diff := cmp.Diff(sorted(t, want.JSON("")), sorted(t, said)); diff != "" {
							t.Errorf("%s.%s is read otherwise (-meant +read):\n%s", thing.label, name, diff)
						}
					}
				}
			})
		}
	}
}

// commandsOf runs a script with a program in place of aws that keeps the
// arguments it is given, and gives those of each call.
func commandsOf(t *testing.T, text, account string) [][]string {
	t.Helper()
	bash := tool(t, "bash", "apt-get install bash")
	dir := t.TempDir()
	stub := "#!/bin/sh\nprintf '%s\\0' $# \"$@\" >> \"$KEPT\"\ncase \"$1 $2\" in\n'sts get-caller-identity') echo " + account + ";;\n'organizations create-policy') echo p-example;;\nesac\n"
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "script.sh")
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dir, "kept")
	for _, arguments := range [][]string{{"-n", script}, {script}} {
		cmd := exec.Command(bash, arguments...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "KEPT="+kept, "HOME="+dir)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Fatalf("bash %v: %v: %s\n%s", arguments, err, out, text)
		}
	}
	all, err := os.ReadFile(kept)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	words := strings.Split(string(all), "\x00")
	var commands [][]string
	for i := 0; i+1 < len(words); {
		n, err := strconv.Atoi(words[i])
		if err != nil {
			t.Fatal(err)
		}
		commands = append(commands, words[i+1:i+1+n])
		i += 1 + n
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 3 {
		t.Errorf("the script left %v behind (%v), want nothing", entries, err)
	}
	return commands
}

// optionsOf are the options of a command by their names, and the command itself as "".
func optionsOf(command []string) map[string]string {
	options := map[string]string{"": command[0] + " " + command[1]}
	for i := 2; i < len(command); i++ {
		name, argument, joined := strings.Cut(strings.TrimPrefix(command[i], "--"), "=")
		if !joined {
			i++
			argument = command[i]
		}
		options[name] = argument
	}
	return options
}

func TestTheScriptGivesTheCommandsItsArguments(t *testing.T) {
	for slug, world := range worlds(t) {
		for text, o := range exported(world, commands, script) {
			t.Run(slug+"/"+o.account, func(t *testing.T) {
				var said, want []map[string]string
				for _, command := range commandsOf(t, text, o.account) {
					if command[0] == "sts" {
						continue
					}
					said = append(said, optionsOf(command))
				}
				for _, thing := range o.all {
					options := optionsOf(strings.Fields(thing.kind.in[commands]))
					for _, f := range thing.kind.fields {
						n := f.write(commands, thing.kind, thing.entry)
						argument := word(n)
						switch {
						case n == nil && f.name == "SAMLMetadataDocument":
							argument = "file://" + thing.label + ".xml"
						case n == nil:
							continue
						case f.form == document:
							argument = n.JSON("  ")
						case n.Kind == source.Array:
							argument = n.JSON("")
						}
						if strings.HasPrefix(argument, "https://") && f.form != issuer {
							options = nil // a comment in its place
							break
						}
						options[f.in[commands]] = argument
					}
					if options != nil {
						want = append(want, options)
					}
				}
				if diff := cmp.Diff(want, said); diff != "" {
					t.Errorf("the commands get other arguments (-meant +given):\n%s", diff)
				}
			})
		}
	}
}

func TestHostileNamesStayArguments(t *testing.T) {
	for _, name := range []string{
		"'; touch owned; '", "$(touch owned)", "`touch owned`", "\"; touch owned; \"", "a\ntouch owned\n#", "\\'; touch owned #", "${IFS}touch", "%{if true}", "${path.module}", "$${x}", "-x", "--query", "!history", "* ?", "\t", "Zürich 東京 🗼", "\u2028touch owned\u0085", "EOF\ntouch owned",
	} {
		entry := object("RoleName", str(name), "AssumeRolePolicyDocument", object("Version", str(name), name, str(name)),
			"Tags", list(object("Key", str(name), "Value", str(name))), "Policies", list(object("PolicyName", str(name), "PolicyDocument", object("Id", str(name)))))
		world := object("accounts", object("123456789012", object("Roles", list(entry))))
		t.Run(name, func(t *testing.T) {
			ran := commandsOf(t, Export(world, "cli")[0].Text, "123456789012")
			if len(ran) != 3 {
				t.Errorf("got %d commands, want 3", len(ran))
			}
			for _, format := range []string{"cloudformation", "terraform"} {
				text := Export(world, format)[0].Text
				if format == "terraform" {
					if _, problems := hclsyntax.ParseConfig([]byte(text), "main.tf", hcl.InitialPos); problems.HasErrors() {
						t.Errorf("%s\n%s", problems, text)
					}
				}
				imported, refusal := Import(text, nil, "")
				if refusal != "" {
					t.Fatalf("%s: %s\n%s", format, refusal, text)
				}
				back := node(t, apply(t, "{}", imported.Patch))
				got := items(back.Get("accounts").Get("123456789012").Get("Roles"))
				if len(got) != 1 || sorted(t, got[0].JSON("")) != sorted(t, entry.JSON("")) {
					t.Errorf("%s: got %s, want %s", format, back.JSON(""), entry.JSON(""))
				}
			}
		})
	}
}

// everyCommand gives the AWS CLI the arguments of many commands one after the
// other, for it takes a second to start.
const everyCommand = `
import json, sys
from awscli.clidriver import create_clidriver
for arguments in json.load(sys.stdin):
    arguments += ["--endpoint-url", sys.argv[1]]
    if create_clidriver(arguments).main(arguments):
        sys.exit("refused: " + str(arguments))
`

// The AWS CLI itself takes the commands and asks a server here, which keeps
// what AWS would be asked.
func TestTheAWSCLITakesTheScript(t *testing.T) {
	t.Parallel()
	tool(t, "/usr/bin/aws", "apt-get install awscli")
	var mu sync.Mutex
	var asked []url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodPut {
			asked = append(asked, url.Values{"Bucket": {strings.Trim(r.URL.Path, "/")}, "Policy": {string(body)}})
			return
		}
		if r.Header.Get("X-Amz-Target") != "" {
			var parameters map[string]any
			if err := json.Unmarshal(body, &parameters); err != nil {
				t.Error(err)
			}
			form := url.Values{}
			for name, value := range parameters {
				form.Set(name, fmt.Sprint(value))
			}
			asked = append(asked, form)
			fmt.Fprint(w, "{}")
			return
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Error(err)
		}
		action := form.Get("Action")
		if action != "GetCallerIdentity" {
			asked = append(asked, form)
		}
		fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult><Account>123456789012</Account></%[1]sResult><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></%[1]sResponse>", action)
	}))
	defer server.Close()
	for _, world := range []string{everything, standsThere} {
		for text, o := range exported(node(t, world), commands, script) {
			if o.account != "123456789012" {
				continue
			}
			asked = nil
			cmd := exec.Command("/usr/bin/python3", "-c", everyCommand, server.URL)
			cmd.Stdin = strings.NewReader(mustJSON(t, commandsOf(t, text, o.account)))
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "HOME="+cmd.Dir, "AWS_PAGER=", "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=example", "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if len(asked) != len(o.all) {
				t.Fatalf("got %d requests, want %d", len(asked), len(o.all))
			}
			for i, thing := range o.all {
				for name, want := range parametersOf(&thing) {
					if got := asked[i].Get(name); got != want {
						t.Errorf("%s asks for %s = %q, want %q", thing.kind.in[commands], name, got, want)
					}
				}
			}
		}
	}
}

// parametersOf are the parameters that AWS is to be asked a thing with. They
// are called after the fields in IAM, and after the options elsewhere.
func parametersOf(thing *thing) map[string]string {
	want := map[string]string{}
	for _, f := range thing.kind.fields {
		name := f.name
		if slices.Contains(standing, thing.kind.place) {
			name = ""
			for part := range strings.SplitSeq(f.in[commands], "-") {
				name += strings.ToUpper(part[:1]) + part[1:]
			}
		}
		n := f.write(commands, thing.kind, thing.entry)
		switch {
		case n == nil:
		case f.name == "Groups":
			want["GroupName"] = word(n)
		case f.form == texts:
			for j, item := range n.Items {
				want[fmt.Sprintf("%s.member.%d", name, j+1)] = word(&item)
			}
		case f.form == tags:
			for j, item := range n.Items {
				want[fmt.Sprintf("Tags.member.%d.Key", j+1)] = word(item.Get("Key"))
				want[fmt.Sprintf("Tags.member.%d.Value", j+1)] = word(item.Get("Value"))
			}
		case f.form == document:
			want[name] = n.JSON("  ")
		default:
			want[name] = word(n)
		}
	}
	return want
}

// cfn-lint knows the shape of each resource, and of IAM's policies.
func TestCFNLintHasNothingAgainstTheTemplates(t *testing.T) {
	t.Parallel()
	lint := tool(t, "cfn-lint", "pip install cfn-lint")
	dir := t.TempDir()
	texts := map[string]string{}
	all := worlds(t)
	rich := []string{"everything", "stands there", "a-key-policy-has-to-allow", "arns-are-compared-segment-by-segment", "an-endpoint-lets-only-our-buckets-through"}
	delete(all, "the-metadata-cannot-be-read") // nor would AWS take it
	for i, slug := range slices.Sorted(maps.Keys(all)) {
		if i%16 != 0 && !slices.Contains(rich, slug) {
			continue // they differ little, and cfn-lint takes its time
		}
		for text, o := range exported(all[slug], cloudFormation, stack) {
			if strings.Contains(text, "There is nothing to make") {
				continue
			}
			name := filepath.Join(dir, slug+"-"+o.account+".yaml")
			texts[name] = text
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	cmd := exec.Command(lint, "--format", "json", filepath.Join(dir, "*.yaml"))
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	err := cmd.Run() // which is not 0 where there is anything to say
	var findings []struct {
		Filename, Level, Message string
		Rule                     struct{ Id string }
		Location                 struct{ Path []any }
	}
	if failed := json.Unmarshal(out.Bytes(), &findings); failed != nil {
		t.Fatalf("%v: %v: %s", err, failed, out.String())
	}
	for _, f := range findings {
		t.Errorf("%s %s at %v: %s\n%s", f.Level, f.Rule.Id, f.Location.Path, f.Message, texts[f.Filename])
	}
}
