package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "stsplayground/"

// importPolicy states who may import which packages of this module, by the
// longest prefix of the importing package's path that stands here. A package
// may always import what stands below itself. It is a statement of policy:
// change the code to fit it, not the table to fit the code.
// An entry that ends in / stands for everything below it.
var importPolicy = []struct {
	importer string
	may      []string
	why      string
}{
	{"engine/trace", nil, "the words for explaining depend on nothing"},
	{"engine/source", nil, "the reader of text knows no meaning"},
	{"engine/reference", []string{"engine/source"}, "what AWS's services know is data"},
	{"engine/scenario", []string{"engine/source", "engine/trace", "engine/reference"}, "a scenario is text with a shape"},
	{"engine/iam", []string{"engine/source", "engine/trace", "engine/reference"}, "the policy language knows neither tokens nor assertions"},
	{"engine/managed", []string{"engine/iam", "engine/source"}, "published policies are data"},
	{"engine/pkcs1", nil, "what a signature holds is arithmetic"},
	{"engine/oidc", []string{"engine/source", "engine/trace", "engine/pkcs1"}, "a token is judged without policies or sessions"},
	{"engine/saml", []string{"engine/source", "engine/trace", "engine/pkcs1"}, "an assertion is judged without policies or sessions"},
	{"engine/idp", []string{"engine/source", "engine/trace", "engine/scenario"}, "who mints can't see who judges, or a fault of both would pass"},
	{"engine/sts", []string{"engine/source", "engine/trace", "engine/scenario", "engine/iam", "engine/managed", "engine/oidc", "engine/saml", "engine/idp"}, "the operations use the rule books"},
	{"engine/ec2", []string{"engine/source", "engine/trace", "engine/scenario", "engine/sts"}, "a service in front of STS calls it, and is called by nobody in STS"},
	{"engine/rolesanywhere", []string{"engine/source", "engine/trace", "engine/scenario", "engine/sts"}, "a service in front of STS calls it, and is called by nobody in STS"},
	{"engine/eks", []string{"engine/source", "engine/trace", "engine/scenario", "engine/oidc", "engine/sts", "engine/ec2"}, "a service in front of STS calls it; a pod runs on an instance"},
	{"engine/cloudtrail", []string{"engine/source", "engine/trace", "engine/scenario", "engine/sts", "engine/cognito", "engine/registration", "engine/identitycenter", "engine/signin"}, "a record describes a call and what it gave"},
	{"engine/causes", []string{"engine/source"}, "what error lines mean is data; nothing is played"},
	{"engine/registration", []string{"engine/source", "engine/trace", "engine/scenario", "engine/iam", "engine/sts"}, "what IAM saves, STS finds"},
	{"engine/cognito", []string{"engine/source", "engine/trace", "engine/scenario", "engine/iam", "engine/sts"}, "identity pools stand in front of STS"},
	{"engine/identitycenter", []string{"engine/source", "engine/trace", "engine/scenario", "engine/sts"}, "a system in front of STS makes a call of its own"},
	{"engine/signin", []string{"engine/source", "engine/trace", "engine/scenario", "engine/sts"}, "a system in front of STS makes a call of its own"},
	{"engine/verifier", []string{"engine/source", "engine/trace", "engine/scenario", "engine/oidc", "engine/sts"}, "an outside service knows tokens and no policies"},
	{"engine/exchange", []string{"engine/source", "engine/trace", "engine/causes", "engine/share"}, "what people paste is text in another spelling; nothing is played"},
	{"engine/share", []string{"engine/source"}, "a scenario is handed on as text; nothing is played"},
	{"engine/jsonpatch", []string{"engine/source"}, "a document is changed without knowing what it means"},
	{"engine/lesson", []string{"engine", "engine/source", "engine/jsonpatch", "engine/trace", "engine/scenario"}, "a lesson is a scenario that is played twice; the engine itself knows of none"},
	{"engine", []string{"engine/"}, "the engine knows no page and no server"},
	{"examples/schema", []string{"engine/scenario", "engine/source", "engine/idp"}, "the schema is read off the scenario's types"},
	{"examples", []string{"engine/source"}, "scenarios are files, read and not judged"},
	{"web/report", []string{"engine", "engine/"}, "a report is drawn from plain data, in wasm too"},
	{"web/tools", []string{"engine/source", "engine/causes", "engine/exchange", "engine/share", "web/glossary"}, "what is asked for besides a run plays nothing, and so is small"},
	{"web/page", []string{"engine", "engine/", "web/report", "web/tools", "web/glossary"}, "the page draws; it serves nothing"},
	{"web/glossary", []string{"engine/trace"}, "terms are data, in wasm too"},
	{"web/assets", nil, "built files are bytes"},
	{"web/build", []string{"examples", "engine", "engine/", "web/assets"}, "the build packs what the browser loads"},
	{"web", []string{"engine", "engine/", "web/"}, "the page knows no server"},
	{"wasm", []string{"engine", "engine/", "web/report"}, "what the browser loads is the engine and its drawing"},
	{"wasm/tools", []string{"engine/source", "engine/exchange", "engine/share", "web/tools"}, "the second module has no engine in it"},
	{"server", []string{"engine", "engine/", "examples", "web/"}, "the program knows everything but the browser's half"},
}

// enginePure are the standard library's packages that nothing under engine may
// import: the same scenario gives the same report, on every machine, and
// nothing of it leaves.
var enginePure = []string{"net/http", "net", "os", "os/exec", "syscall", "syscall/js", "math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog"}

// engineTimeless are the functions that nothing under engine may name: the
// clock is an argument.
var engineTimeless = []string{"time.Now", "time.Since", "time.Until", "time.Local", "time.After", "time.Tick", "time.NewTimer", "time.NewTicker", "time.Sleep", "time.LoadLocation"}

// goFile is one file of the module that isn't a test.
type goFile struct {
	name string // path in the module
	pkg  string // import path, without the module's
	ast  *ast.File
	fset *token.FileSet
}

func TestImportsFollowThePolicy(t *testing.T) {
	for _, f := range moduleFiles(t) {
		rule, ok := policyOf(f.pkg)
		if !ok {
			t.Errorf("%s: package %s has no line in importPolicy", f.name, f.pkg)
			continue
		}
		for _, imported := range imports(t, f) {
			inner, ours := strings.CutPrefix(imported, module)
			if ours && !strings.HasPrefix(inner, f.pkg+"/") && !allowed(importPolicy[rule].may, inner) {
				t.Errorf("%s imports %s, but %s", f.name, inner, importPolicy[rule].why)
			}
		}
	}
}

func TestTheEngineTouchesNothingOutside(t *testing.T) {
	for _, f := range engineFiles(t) {
		for _, imported := range imports(t, f) {
			if slices.Contains(enginePure, imported) {
				t.Errorf("%s imports %s", f.name, imported)
			}
		}
	}
}

func TestTheEngineAsksNoClock(t *testing.T) {
	for _, f := range engineFiles(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && slices.Contains(engineTimeless, x.Name+"."+s.Sel.Name) {
					t.Errorf("%s uses %s.%s", f.fset.Position(s.Pos()), x.Name, s.Sel.Name)
				}
			}
			return true
		})
	}
}

// policyOf is the index of the policy for a package.
func policyOf(pkg string) (int, bool) {
	best := -1
	for i, p := range importPolicy {
		if (pkg == p.importer || strings.HasPrefix(pkg, p.importer+"/")) && (best < 0 || len(p.importer) > len(importPolicy[best].importer)) {
			best = i
		}
	}
	return best, best >= 0
}

func allowed(may []string, imported string) bool {
	return slices.ContainsFunc(may, func(m string) bool {
		return imported == m || strings.HasSuffix(m, "/") && strings.HasPrefix(imported, m)
	})
}

func imports(t *testing.T, f goFile) []string {
	t.Helper()
	var paths []string
	for _, spec := range f.ast.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func engineFiles(t *testing.T) []goFile {
	t.Helper()
	return slices.DeleteFunc(moduleFiles(t), func(f goFile) bool {
		return f.pkg != "engine" && !strings.HasPrefix(f.pkg, "engine/")
	})
}

// moduleFiles parses every Go file of the module that isn't a test, whatever
// platform it is for.
func moduleFiles(t *testing.T) []goFile {
	t.Helper()
	const root = ".."
	var files []goFile
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != root && (base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		inner, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		files = append(files, goFile{name: inner, pkg: filepath.ToSlash(filepath.Dir(inner)), ast: parsed, fset: fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("got no files, want the module's")
	}
	return files
}
