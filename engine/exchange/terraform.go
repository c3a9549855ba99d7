package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// configuration reads Terraform's configuration, in JSON syntax or made so.
func (in *intake) configuration(root *source.Node) string {
	in.what = "a Terraform configuration"
	t := &configurationReader{intake: in, root: root, labels: map[string]*source.Node{}}
	t.eval = evaluator{lookUp: t.lookUp, unknown: t.unknown, budget: &in.budget}
	for _, provider := range items(root.Get("provider").Get("aws")) {
		if given := provider.Get("allowed_account_ids"); given != nil {
			ids := t.value(given)
			if all := items(&ids); len(all) > 0 && isAccount(word(&all[0])) {
				in.home, in.assumed = word(&all[0]), false
			}
		}
	}
	var found []resourceBlock
	for _, section := range []string{"data", "resource"} {
		for _, ofTypes := range items(root.Get(section)) {
			for i := range ofTypes.Members {
				kind := ofTypes.Members[i].Name
				for _, labelled := range items(&ofTypes.Members[i].Value) {
					for j := range labelled.Members {
						body := &labelled.Members[j].Value
						if body.Kind == source.Array && len(body.Items) > 0 {
							body = &body.Items[0]
						}
						if section == "data" {
							t.labels["data."+kind+"."+labelled.Members[j].Name] = body
							continue
						}
						t.labels[kind+"."+labelled.Members[j].Name] = body
						found = append(found, resourceBlock{kind, labelled.Members[j].Name, body})
					}
				}
			}
		}
	}
	in.resources(found, t.value)
	return ""
}

// resourceBlock is one resource of Terraform, with its arguments or, where it
// exists, its attributes.
type resourceBlock struct {
	kind, label string
	body        *source.Node
}

// shown reads what terraform show -json prints, of a state or a plan: in it
// everything that is known is a literal (Terraform JSON output format).
func (in *intake) shown(root *source.Node) string {
	in.what = "a Terraform state"
	values := root.Get("values")
	if planned := root.Get("planned_values"); planned != nil {
		in.what, values = "a Terraform plan", planned
	}
	var found []resourceBlock
	collect(values.Get("root_module"), &found)
	for _, r := range found {
		if account := arnAccount(word(r.body.Get("arn"))); account != "" {
			in.home, in.assumed = account, false
			break
		}
	}
	in.resources(found, func(n *source.Node) source.Node { return *n })
	return ""
}

func collect(module *source.Node, found *[]resourceBlock) {
	for _, r := range items(module.Get("resources")) {
		if values := r.Get("values"); values != nil && word(r.Get("mode")) != "data" {
			*found = append(*found, resourceBlock{word(r.Get("type")), word(r.Get("name")), values})
		}
	}
	for _, child := range items(module.Get("child_modules")) {
		collect(&child, found)
	}
}

// resources puts in what there is a place for. What holds others comes first,
// so that what is written apart joins it.
func (in *intake) resources(found []resourceBlock, resolve func(*source.Node) source.Node) {
	targets := map[string][]source.Node{} // by what the policy of an organization is called
	for _, r := range found {
		if r.kind == "aws_organizations_policy_attachment" {
			id, target := resolve(valueOf(r.body, "policy_id")), resolve(valueOf(r.body, "target_id"))
			targets[word(&id)] = append(targets[word(&id)], target)
		}
	}
	for _, parts := range []bool{false, true} {
		for _, r := range found {
			k := kindOf(terraform, r.kind)
			apart := r.kind == "aws_iam_policy_attachment" || r.kind == "aws_iam_group_membership"
			if k == nil && !apart || parts != (k == nil || k.part != "") || in.full() {
				continue
			}
			body := source.Node{Kind: source.Object}
			for _, m := range r.body.Members {
				if m.Name == "depends_on" || m.Name == "lifecycle" || m.Name == "for_each" || m.Name == "count" {
					continue
				}
				in.at = r.kind + "." + r.label + "." + m.Name
				set(&body, m.Name, resolve(&m.Value))
			}
			if r.body.Get("for_each") != nil || r.body.Get("count") != nil || r.body.Get("dynamic") != nil {
				in.note(r.kind + "." + r.label + ": it is taken in once, whatever count, for_each and dynamic blocks make of it")
			}
			account := arnAccount(word(body.Get("arn")))
			if account == "" || k != nil && k.place == "Organization" {
				account = in.home
			}
			switch {
			case apart:
				in.spread(account, &body)
			case k.part != "":
				in.add(k, account, k.read(terraform, &body, account), "")
			default:
				entry := k.read(terraform, &body, account)
				if attached := append(targets[r.kind+"."+r.label], targets[word(body.Get("id"))]...); k.place == "Organization" && len(attached) > 0 {
					set(&entry, "TargetIds", list(attached...))
				}
				in.add(k, account, entry, r.label)
			}
		}
	}
}

// valueOf is a member of n, nothing where there is none.
func valueOf(n *source.Node, name string) *source.Node {
	member := value(n.Get(name))
	return &member
}

// spread puts an attachment or a membership to everyone that the resource lists.
func (in *intake) spread(account string, body *source.Node) {
	for i := range kinds {
		switch k := &kinds[i]; {
		case k.part == "AttachedPolicies":
			for _, name := range items(body.Get(strings.ToLower(k.place))) {
				in.add(k, account, object(k.fields[0].name, name, "PolicyArn", value(body.Get("policy_arn"))), "")
			}
		case k.part == "Groups" && body.Get("group") != nil:
			for _, name := range items(body.Get("users")) {
				in.add(k, account, object(k.fields[0].name, name, "Groups", list(*body.Get("group"))), "")
			}
		}
	}
}

type configurationReader struct {
	*intake
	eval   evaluator
	root   *source.Node
	labels map[string]*source.Node // bodies by "type.name" and "data.type.name"
}

func (t *configurationReader) unknown(expression string) {
	t.note(t.at + ": ${" + source.Clip(expression) + "} isn't known here and stays as text")
}

// value works out everything below n.
func (t *configurationReader) value(n *source.Node) source.Node {
	if t.budget -= perReference; t.budget < 0 {
		return *n
	}
	switch n.Kind {
	case source.String:
		return t.eval.template(n.Text)
	case source.Array:
		all := source.Node{Kind: source.Array, Items: make([]source.Node, len(n.Items))}
		for i := range n.Items {
			all.Items[i] = t.value(&n.Items[i])
		}
		return all
	case source.Object:
		object := source.Node{Kind: source.Object, Members: make([]source.Member, len(n.Members))}
		for i := range n.Members {
			object.Members[i] = source.Member{Name: n.Members[i].Name, Value: t.value(&n.Members[i].Value)}
		}
		return object
	}
	return *n
}

// lookUp is what a reference stands for.
func (t *configurationReader) lookUp(path []string) (source.Node, bool) {
	t.eval.depth++
	defer func() { t.eval.depth-- }()
	if t.eval.depth > hclNesting || len(path) < 2 {
		return source.Node{}, false
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
			if given := locals.Get(path[1]); given != nil {
				return t.below(given, path[2:])
			}
		}
	case "data":
		if len(path) == 4 {
			return t.data(path[1], t.labels[strings.Join(path[:3], ".")], path[3])
		}
	default:
		if len(path) == 3 {
			return t.attribute(path[0], path[1], path[2])
		}
	}
	return source.Node{}, false
}

// below is the value of n, or of a member below it.
func (t *configurationReader) below(n *source.Node, path []string) (source.Node, bool) {
	if n == nil {
		return source.Node{}, false
	}
	v := t.value(n)
	for _, name := range path {
		member := v.Get(name)
		if member == nil {
			return source.Node{}, false
		}
		v = *member
	}
	return v, true
}

func (t *configurationReader) data(kind string, body *source.Node, attribute string) (source.Node, bool) {
	switch kind + "." + attribute {
	case "aws_caller_identity.account_id", "aws_caller_identity.id":
		return str(t.home), true
	case "aws_partition.partition", "aws_partition.id":
		return str("aws"), true
	case "aws_partition.dns_suffix":
		return str("amazonaws.com"), true
	case "aws_region.name", "aws_region.region", "aws_region.id":
		return str("us-east-1"), true
	case "aws_iam_policy_document.json", "aws_iam_policy_document.minified_json":
		if body != nil {
			return t.policyDocument(body), true
		}
	}
	return source.Node{}, false
}

// attribute is an attribute of a resource of the configuration: an argument
// of it, or its name or ARN as AWS makes it.
func (t *configurationReader) attribute(kind, label, attribute string) (source.Node, bool) {
	body := t.labels[kind+"."+label]
	if body == nil {
		return source.Node{}, false
	}
	if given := body.Get(attribute); given != nil {
		return t.value(given), true
	}
	if kind == "aws_s3_bucket" {
		if bucket := body.Get("bucket"); bucket != nil {
			name := t.value(bucket)
			switch attribute {
			case "id":
				return name, true
			case "arn":
				return str("arn:aws:s3:::" + word(&name)), true
			}
		}
		return source.Node{}, false
	}
	k := kindOf(terraform, kind)
	switch {
	case k == nil || k.part != "":
		return source.Node{}, false
	case k.place == "Organization":
		return str(kind + "." + label), attribute == "id"
	}
	name := str(label)
	if given := body.Get(k.fields[0].in[terraform]); given != nil {
		name = t.value(given)
	}
	entry := object(k.fields[0].name, k.fields[0].read(terraform, &name, k, t.home))
	if path := body.Get("path"); path != nil {
		set(&entry, "Path", t.value(path))
	}
	providerOrPolicy := strings.HasSuffix(k.place, "Providers") || k.place == "Policies"
	switch {
	case attribute == "arn" || attribute == "id" && providerOrPolicy:
		return str(arnOf(k, t.home, &entry)), true
	case attribute == "name" || attribute == "id" || attribute == "key_id":
		return name, true
	}
	return source.Node{}, false
}

// documentFields are the arguments of a statement of aws_iam_policy_document.
var documentFields = []struct{ argument, element string }{
	{"sid", "Sid"}, {"effect", "Effect"}, {"principals", "Principal"}, {"not_principals", "NotPrincipal"},
	{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"}, {"condition", "Condition"},
}

// policyDocument is the policy that a data source aws_iam_policy_document
// makes: the statements of its sources, then its own.
func (t *configurationReader) policyDocument(body *source.Node) source.Node {
	statements := list()
	for _, name := range []string{"source_policy_documents", "override_policy_documents"} {
		if body.Get(name) != nil {
			sources := t.value(body.Get(name))
			for _, doc := range items(&sources) {
				doc = policy(&doc)
				statements.Items = append(statements.Items, items(doc.Get("Statement"))...)
			}
		}
	}
	for _, block := range items(body.Get("statement")) {
		b := t.value(&block)
		statement := source.Node{Kind: source.Object}
		for _, f := range documentFields {
			given := value(b.Get(f.argument))
			switch f.argument {
			case "effect":
				if given.Kind == source.Invalid {
					given = str("Allow")
				}
			case "principals", "not_principals":
				given = principals(&given)
			case "condition":
				given = conditions(&given)
			}
			if given.Kind != source.Invalid {
				set(&statement, f.element, given)
			}
		}
		statements.Items = append(statements.Items, statement)
	}
	version := "2012-10-17"
	if given := body.Get("version"); given != nil {
		version = word(given)
	}
	return object("Version", str(version), "Statement", statements)
}

// principals are blocks of type and identifiers as a policy's Principal.
func principals(n *source.Node) source.Node {
	if n.Kind == source.Invalid {
		return *n
	}
	principal := source.Node{Kind: source.Object}
	for _, block := range items(n) {
		kind := word(block.Get("type"))
		identifiers := list(items(block.Get("identifiers"))...)
		if kind == "*" {
			return str("*")
		}
		if before := principal.Get(kind); before != nil {
			identifiers.Items = append(items(before), identifiers.Items...)
		}
		if len(identifiers.Items) == 1 {
			identifiers = identifiers.Items[0]
		}
		set(&principal, kind, identifiers)
	}
	return principal
}

// conditions are blocks of test, variable and values as a policy's Condition.
func conditions(n *source.Node) source.Node {
	if n.Kind == source.Invalid {
		return *n
	}
	condition := source.Node{Kind: source.Object}
	for _, block := range items(n) {
		test, variable := word(block.Get("test")), word(block.Get("variable"))
		values := value(block.Get("values"))
		if len(values.Items) == 1 {
			values = values.Items[0]
		}
		if condition.Get(test) == nil {
			set(&condition, test, source.Node{Kind: source.Object})
		}
		set(condition.Get(test), variable, values)
	}
	return condition
}
