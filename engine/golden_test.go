package engine_test

import (
	"bytes"
	"embed"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stsplayground/engine"
	"stsplayground/examples"
)

var update = flag.Bool("update", false, "write the golden reports")

//go:embed testdata/golden
var golden embed.FS

// A report's JSON is a contract with programs outside this project: names,
// shapes, order. Two whole reports are kept, and since these tests run
// natively and under WebAssembly, both builds are held to the same bytes.
func TestGoldenReports(t *testing.T) {
	for _, slug := range []string{"github-actions-deploys-from-main", "a-token-and-key-set-from-a-real-provider"} {
		t.Run(slug, func(t *testing.T) {
			var got bytes.Buffer
			if err := json.Indent(&got, encode(t, engine.Run(decode(t, example(t, slug).Source))), "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			file := "testdata/golden/" + slug + ".json"
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := golden.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("the report changed (-want +got); if it should, run go test ./engine -update:\n%s", diff)
			}
		})
	}
}

// Who gets in is such a contract too.
func TestGoldenEntrants(t *testing.T) {
	for _, slug := range []string{"github-actions-deploys-from-main", "okta-signs-people-in-with-saml"} {
		t.Run(slug, func(t *testing.T) {
			s := decode(t, example(t, slug).Source)
			got, err := json.MarshalIndent(engine.WhoGetsIn(s, engine.RoleAsked(s, 0)), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			file := "testdata/golden/" + slug + "-who-gets-in.json"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := golden.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("who gets in changed (-want +got); if it should, run go test ./engine -update:\n%s", diff)
			}
		})
	}
}

func example(t testing.TB, slug string) examples.Example {
	t.Helper()
	for _, e := range examples.All() {
		if e.Slug == slug {
			return e
		}
	}
	t.Fatalf("there is no example %s", slug)
	return examples.Example{}
}
