package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// block is one resource or data source of Terraform, with its arguments or,
// where it exists, its attributes.
type block struct {
	kind, label string
	body        *source.Node
}

// shown reads what terraform show -json prints, of a state or a plan: in it
// everything that is known is a literal (Terraform JSON output format).
func (in *intake) shown(root *source.Node) {
	in.what = "a Terraform state"
	values := root.Get("values")
	if planned := root.Get("planned_values"); planned != nil {
		in.what, values = "a Terraform plan", planned
	}
	var found []block
	collect(values.Get("root_module"), &found)
	for _, r := range found {
		if account := arnAccount(said(r.body, "arn")); account != "" && in.assumed {
			in.home, in.assumed = account, false
		}
	}
	in.resources(found, func(n *source.Node) *source.Node { return n })
}

func collect(module *source.Node, found *[]block) {
	for _, r := range items(module.Get("resources")) {
		if values := r.Get("values"); values != nil && said(r, "mode") != "data" {
			*found = append(*found, block{said(r, "type"), said(r, "name"), values})
		}
	}
	for _, child := range items(module.Get("child_modules")) {
		collect(child, found)
	}
}

// resources puts in what there is a place for. What holds others comes first,
// so that what is written apart joins it.
func (in *intake) resources(found []block, resolve func(*source.Node) *source.Node) {
	targets := map[string]*source.Node{} // by what the policy of an organization is called
	for _, r := range found {
		id, target := r.body.Get("policy_id"), r.body.Get("target_id")
		if r.kind != "aws_organizations_policy_attachment" || id == nil || target == nil {
			continue
		}
		name := word(resolve(id))
		if targets[name] == nil {
			targets[name] = list()
		}
		add(targets[name], resolve(target))
	}
	for _, parts := range []bool{false, true} {
		for _, r := range found {
			k := kindOf(terraform, r.kind)
			apart := r.kind == "aws_iam_policy_attachment" || r.kind == "aws_iam_group_membership"
			if k == nil && !apart || parts != (k == nil || k.part != "") || in.full() {
				continue
			}
			body := object()
			for i := range members(r.body) {
				m := &r.body.Members[i]
				if strings.Contains(" depends_on lifecycle for_each count ", " "+m.Name+" ") {
					continue
				}
				in.at = r.kind + "." + r.label + "." + m.Name
				set(body, m.Name, resolve(&m.Value))
			}
			if first(r.body, "for_each", "count", "dynamic") != nil {
				in.note(r.kind, ".", r.label, ": it is taken in once, whatever count, for_each and dynamic blocks make of it")
			}
			if apart {
				in.spread(body)
				continue
			}
			account := arnAccount(said(body, "arn"))
			if account == "" || k.place == "Organization" {
				account = in.home
			}
			entry := k.read(terraform, body, account)
			fallback := r.label
			switch {
			case k.part != "":
				fallback = ""
			case k.place == "Organization":
				set(entry, "TargetIds", targets[r.kind+"."+r.label])
				set(entry, "TargetIds", targets[said(body, "id")])
			}
			in.add(k, account, entry, fallback)
		}
	}
}

// spread puts an attachment or a membership to everyone that the resource lists.
func (in *intake) spread(body *source.Node) {
	for _, place := range holders {
		k := partOf(place, "AttachedPolicies")
		for _, name := range items(body.Get(strings.ToLower(place))) {
			in.add(k, in.home, object(k.fields[0].name, name, "PolicyArn", body.Get("policy_arn")), "")
		}
	}
	if group := body.Get("group"); group != nil {
		for _, name := range items(body.Get("users")) {
			in.add(partOf("Users", "Groups"), in.home, object("UserName", name, "Groups", list(group)), "")
		}
	}
}

// configuration reads Terraform's configuration, in JSON syntax or made so.
func (in *intake) configuration(root *source.Node) {
	in.what = "a Terraform configuration"
	t := &configurationReader{intake: in, root: root, bodies: map[string]*source.Node{}}
	t.eval = evaluator{lookUp: t.lookUp, unknown: t.unknown, budget: &in.budget}
	for _, provider := range items(root.Get("provider").Get("aws")) {
		if allowed := provider.Get("allowed_account_ids"); allowed != nil {
			if ids := items(t.value(allowed)); len(ids) > 0 && isAccount(word(ids[0])) {
				in.home, in.assumed, in.named = word(ids[0]), false, true
			}
		}
	}
	for _, b := range blocks(root.Get("data")) {
		t.bodies["data."+b.kind+"."+b.label] = b.body
	}
	found := blocks(root.Get("resource"))
	for _, b := range found {
		t.bodies[b.kind+"."+b.label] = b.body
	}
	in.resources(found, t.value)
	if kept, ok := t.lookUp([]string{"local", keptKey}); ok {
		in.kept(kept)
	}
}

// blocks are the blocks with two labels. JSON syntax writes an object for
// each label, and lists of them where it likes to.
func blocks(n *source.Node) (all []block) {
	for _, byType := range items(n) {
		for i := range byType.Members {
			for _, byLabel := range items(&byType.Members[i].Value) {
				for j := range byLabel.Members {
					for _, body := range items(&byLabel.Members[j].Value) {
						all = append(all, block{byType.Members[i].Name, byLabel.Members[j].Name, body})
					}
				}
			}
		}
	}
	return all
}

type configurationReader struct {
	*intake
	eval   evaluator
	root   *source.Node
	bodies map[string]*source.Node // by "type.name" and "data.type.name"
}

func (t *configurationReader) unknown(expression string) {
	t.note(t.at, ": ${", source.Clip(expression), "} isn't known here and stays as text")
}

// value works out everything below n.
func (t *configurationReader) value(n *source.Node) *source.Node {
	if t.budget -= perReference; t.budget < 0 {
		return n
	}
	switch n.Kind {
	case source.String:
		return t.eval.template(n.Text)
	case source.Array:
		all := list()
		for i := range n.Items {
			add(all, t.value(&n.Items[i]))
		}
		return all
	case source.Object:
		all := object()
		for i := range n.Members {
			all.Members = append(all.Members, source.Member{Name: n.Members[i].Name, Value: *t.value(&n.Members[i].Value)})
		}
		return all
	}
	return n
}

// lookUp is what a reference stands for.
func (t *configurationReader) lookUp(path []string) (*source.Node, bool) {
	t.eval.depth++
	defer func() { t.eval.depth-- }()
	if t.eval.depth > hclNesting || len(path) < 2 {
		return nil, false
	}
	switch path[0] {
	case "var":
		for _, variables := range items(t.root.Get("variable")) {
			for _, variable := range items(variables.Get(path[1])) {
				return t.below(variable.Get("default"), path[2:])
			}
		}
	case "local":
		for _, locals := range items(t.root.Get("locals")) {
			if written := locals.Get(path[1]); written != nil {
				return t.below(written, path[2:])
			}
		}
	case "data":
		if len(path) == 4 {
			return t.data(path[1], path[2], path[3])
		}
	default:
		if len(path) == 3 {
			return t.attribute(path[0], path[1], path[2])
		}
	}
	return nil, false
}

// below is the value of n, or of a member below it.
func (t *configurationReader) below(n *source.Node, path []string) (*source.Node, bool) {
	if n == nil {
		return nil, false
	}
	n = t.value(n)
	for _, name := range path {
		n = n.Get(name)
	}
	return n, n != nil
}

// facts are attributes of data sources that are the same for everybody here.
var facts = map[string]string{
	"aws_partition.partition": "aws", "aws_partition.id": "aws", "aws_partition.dns_suffix": "amazonaws.com",
	"aws_region.name": "us-east-1", "aws_region.region": "us-east-1", "aws_region.id": "us-east-1",
}

func (t *configurationReader) data(kind, label, attribute string) (*source.Node, bool) {
	name := kind + "." + attribute
	switch name {
	case "aws_caller_identity.account_id", "aws_caller_identity.id":
		return str(t.home), true
	case "aws_iam_policy_document.json", "aws_iam_policy_document.minified_json":
		if body := t.bodies["data."+kind+"."+label]; body != nil {
			return t.policyDocument(body), true
		}
	}
	fact := texted(facts[name])
	return fact, fact != nil
}

// attribute is an attribute of a resource of the configuration: an argument
// of it, or its name or ARN as AWS makes it.
func (t *configurationReader) attribute(kind, label, attribute string) (*source.Node, bool) {
	body := t.bodies[kind+"."+label]
	if body == nil {
		return nil, false
	}
	if written := body.Get(attribute); written != nil {
		return t.value(written), true
	}
	k := kindOf(terraform, kind)
	if kind == "aws_s3_bucket" {
		k = kindOf(terraform, "aws_s3_bucket_policy") // which says where the name is, and what is before it in the ARN
	}
	if k == nil || k.part != "" {
		return nil, false
	}
	if k.place == "Organization" {
		return str(kind + "." + label), attribute == "id"
	}
	name := str(label)
	if written := body.Get(k.fields[0].in[terraform]); written != nil {
		name = t.value(written)
	}
	isARN := attribute == "arn"
	switch attribute {
	case "id":
		isARN = strings.HasSuffix(k.place, "Providers") || k.place == "Policies"
	case "arn", "name", "key_id":
	default:
		return nil, false
	}
	if !isARN {
		return name, true
	}
	entry := object(k.fields[0].name, k.fields[0].read(name, k, t.home))
	if path := body.Get("path"); path != nil {
		set(entry, "Path", t.value(path))
	}
	return str(arnOf(k, t.home, entry)), true
}

// elements are the arguments of a statement of aws_iam_policy_document, each
// followed by the element of a policy that it becomes.
var elements = strings.Fields("sid Sid effect Effect principals Principal not_principals NotPrincipal " +
	"actions Action not_actions NotAction resources Resource not_resources NotResource condition Condition")

// policyDocument is the policy that a data source aws_iam_policy_document
// makes: the statements of its sources, then its own.
func (t *configurationReader) policyDocument(body *source.Node) *source.Node {
	statements := list()
	for _, name := range []string{"source_policy_documents", "override_policy_documents"} {
		if sources := body.Get(name); sources != nil {
			for _, doc := range items(t.value(sources)) {
				statements.Items = append(statements.Items, list(items(policy(doc).Get("Statement"))...).Items...)
			}
		}
	}
	for _, b := range items(body.Get("statement")) {
		b = t.value(b)
		statement := object()
		for i := 0; i < len(elements); i += 2 {
			argument := given(b.Get(elements[i]))
			switch elements[i] {
			case "effect":
				if argument == nil {
					argument = str("Allow")
				}
			case "principals", "not_principals":
				argument = principals(argument)
			case "condition":
				argument = conditions(argument)
			}
			set(statement, elements[i+1], argument)
		}
		add(statements, statement)
	}
	version := body.Get("version")
	if version == nil {
		version = str("2012-10-17")
	}
	return object("Version", version, "Statement", statements)
}

// principals are blocks of type and identifiers as a policy's Principal.
func principals(n *source.Node) *source.Node {
	if n == nil {
		return nil
	}
	principal := object()
	for _, b := range items(n) {
		kind := said(b, "type")
		if kind == "*" {
			return str("*")
		}
		set(principal, kind, one(list(append(items(principal.Get(kind)), items(b.Get("identifiers"))...)...)))
	}
	return principal
}

// conditions are blocks of test, variable and values as a policy's Condition.
func conditions(n *source.Node) *source.Node {
	if n == nil {
		return nil
	}
	condition := object()
	for _, b := range items(n) {
		test := said(b, "test")
		if condition.Get(test) == nil {
			set(condition, test, object())
		}
		set(condition.Get(test), said(b, "variable"), one(b.Get("values")))
	}
	return condition
}

// one is the only item of a list, or the list.
func one(n *source.Node) *source.Node {
	if is(n, source.Array) && len(n.Items) == 1 {
		return &n.Items[0]
	}
	return n
}
