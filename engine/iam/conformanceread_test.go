package iam

import (
	"fmt"
	"slices"
	"strings"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

func readConformance() (rows []row, together []togetherRow) {
	files, err := conformanceFiles.ReadDir("testdata/conformance")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		text, err := conformanceFiles.ReadFile("testdata/conformance/" + file.Name())
		if err != nil {
			panic(err)
		}
		root, failure := source.ParseYAML(string(text))
		if failure != nil {
			panic(fmt.Sprintf("%s:%d: %s", file.Name(), failure.Line, failure.Reason))
		}
		page := root.Get("page").Text
		for _, section := range root.Get("sections").Members {
			for i := range section.Value.Items {
				r := rowReader{file.Name(), &section.Value.Items[i]}
				cite := "https://docs.aws.amazon.com/" + page + ".html#" + section.Name
				if r.isTogether() {
					together = append(together, r.together(cite))
				} else {
					rows = append(rows, r.row(cite))
				}
			}
		}
	}
	return rows, together
}

// rowReader makes a row of its YAML. What it can't read it panics about, with
// the place: the rows are ours.
type rowReader struct {
	file string
	*source.Node
}

func (r rowReader) fail(n *source.Node, reason string) {
	panic(fmt.Sprintf("%s:%d: %s", r.file, n.Line, reason))
}

func (r rowReader) text(name string) string {
	if n := r.Get(name); n != nil {
		return n.Text
	}
	return ""
}

func (r rowReader) isTrue(name string) bool { return r.text(name) == "true" }

var rowFields = []string{
	"says", "modelled", "kind", "allow if", "deny if", "statement", "statements", "document",
	"action", "resource", "principal", "keys", "want",
}

func (r rowReader) row(cite string) row {
	r.takes(rowFields)
	made := row{says: r.text("says"), cite: cite, kind: Kind(r.text("kind")), request: r.request(), want: r.want()}
	if made.kind == "" {
		made.kind = IdentityPolicy
	}
	if !slices.Contains(kinds, made.kind) {
		r.fail(r.Node, "unknown kind "+string(made.kind))
	}
	for _, m := range r.Members {
		written := m.Value.JSON("")
		switch m.Name {
		case "allow if":
			made.policy = allowIf(written[1 : len(written)-1])
		case "deny if":
			made.policy = denyIf(written[1 : len(written)-1])
		case "statement":
			made.policy = written
		case "statements":
			made.policy = written[1 : len(written)-1]
		case "document":
			made.policy, made.whole = written, true
			if m.Value.Kind == source.String {
				made.policy = m.Value.Text
			}
		}
	}
	return made
}

func (r rowReader) takes(fields []string) {
	for _, m := range r.Members {
		if !slices.Contains(fields, m.Name) || m.Repeated {
			r.fail(&m.Value, "unknown or repeated field "+m.Name)
		}
	}
}

func (r rowReader) want() Effect {
	var e Effect
	want := r.text("want")
	if e.UnmarshalText([]byte(want)); e.String() != want {
		r.fail(r.Node, "unknown effect "+want)
	}
	return e
}

func (r rowReader) request() *Request {
	q := asked()
	if n := r.Get("action"); n != nil {
		q.Action = n.Text
	}
	if n := r.Get("resource"); n != nil {
		q.Resource = n.Text
	}
	if n := r.Get("principal"); n != nil {
		p, ok := principals[n.Text]
		if !ok {
			r.fail(n, "unknown principal "+n.Text)
		}
		q.Principal = p
	}
	if keys := r.Get("keys"); keys != nil {
		for _, m := range keys.Members {
			if m.Value.Kind != source.Array {
				q.Context.Set(m.Name, m.Value.Text)
				continue
			}
			values := []string{}
			for _, item := range m.Value.Items {
				values = append(values, item.Text)
			}
			q.Context.SetMulti(m.Name, values)
		}
	}
	return q
}

// togetherTypes are the fields that hold the policies of a type.
var togetherTypes = []struct {
	field string
	kind  Kind
}{
	{"resource control", ResourceControlPolicy}, {"service control", ServiceControlPolicy}, {"endpoint", EndpointPolicy},
	{"resource policy", ResourcePolicy}, {"trust policy", TrustPolicy}, {"identity", IdentityPolicy},
	{"boundary", PermissionsBoundary}, {"session", SessionPolicy},
}

func (r rowReader) isTogether() bool {
	for _, t := range togetherTypes {
		if r.Get(t.field) != nil {
			return true
		}
	}
	return r.Get("by") != nil
}

func (r rowReader) together(cite string) togetherRow {
	fields := []string{"says", "modelled", "action", "resource", "principal", "keys", "root", "cross account", "resource must allow", "want", "by", "error"}
	for _, t := range togetherTypes {
		fields = append(fields, t.field)
	}
	r.takes(fields)
	a := &Authorization{Request: *r.request(), Root: r.isTrue("root"), CrossAccount: r.isTrue("cross account"), ResourceMustAllow: r.isTrue("resource must allow")}
	for _, t := range togetherTypes {
		n := r.Get(t.field)
		if n == nil {
			continue
		}
		switch t.kind {
		case ResourceControlPolicy:
			a.ResourceControl = r.levels(n, t.kind)
		case ServiceControlPolicy:
			a.ServiceControl = r.levels(n, t.kind)
		case EndpointPolicy:
			a.Endpoint = r.policies(n, t.kind)
		case ResourcePolicy, TrustPolicy:
			a.Resource, a.ResourceKind = r.policies(n, t.kind), t.kind
		case IdentityPolicy:
			a.Identity = r.policies(n, t.kind)
		case PermissionsBoundary:
			a.Boundary = r.policies(n, t.kind)
		case SessionPolicy:
			a.Session = r.policies(n, t.kind)
		}
	}
	return togetherRow{r.text("says"), cite, a, r.want(), Kind(r.text("by")), r.text("error")}
}

func (r rowReader) levels(n *source.Node, kind Kind) [][]Attached {
	if n.Kind != source.Array {
		r.fail(n, "write a list of levels, each a list of policies")
	}
	levels := [][]Attached{}
	for i := range n.Items {
		levels = append(levels, r.policies(&n.Items[i], kind))
	}
	return levels
}

func (r rowReader) policies(n *source.Node, kind Kind) []Attached {
	if n.Kind != source.Array {
		return []Attached{r.policy(n, kind)}
	}
	policies := []Attached{}
	for i := range n.Items {
		policies = append(policies, r.policy(&n.Items[i], kind))
	}
	return policies
}

func (r rowReader) policy(n *source.Node, kind Kind) Attached {
	statement := n.JSON("")
	if n.Kind == source.String {
		statement = r.inWords(n, kind)
	}
	policy, findings := ParseText(row{policy: statement}.doc(), kind)
	for _, finding := range findings {
		// "allow" is RCPFullAWSAccess, which only AWS may write.
		if finding.Severity == trace.SeverityError && kind != ResourceControlPolicy {
			r.fail(n, finding.Detail)
		}
	}
	return Attached{Name: string(kind), Policy: policy}
}

func (r rowReader) inWords(n *source.Node, kind Kind) string {
	effect, whom, named := strings.Cut(n.Text, " ")
	principal := ""
	switch {
	case named:
		principal = `"Principal":{"AWS":"` + whom + `"},`
	case kind == TrustPolicy:
		principal = `"Principal":{"AWS":"*"},`
	case grammarOf(kind).principal == required:
		principal = `"Principal":"*",`
	}
	resource := `,"Resource":"*"`
	if grammarOf(kind).resource == prohibited {
		resource = ""
	}
	switch effect {
	case "allow":
		return `{"Effect":"Allow",` + principal + `"Action":"*"` + resource + `}`
	case "deny":
		return `{"Effect":"Deny",` + principal + `"Action":"*"` + resource + `}`
	case "silent":
		return `{"Effect":"Allow",` + principal + `"Action":"sts:TagSession"` + resource + `}`
	}
	r.fail(n, "unknown words "+n.Text)
	return ""
}
