package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// template reads a CloudFormation template.
func (in *intake) template(root *source.Node) {
	in.what = "a CloudFormation template"
	if account := said(root.Get("Metadata"), metadataKey); isAccount(account) {
		in.home, in.assumed, in.named = account, false, true
	}
	t := &templateReader{intake: in, parameters: byName(root.Get("Parameters")), resources: byName(root.Get("Resources"))}
	all := members(root.Get("Resources"))
	// What holds others comes first, so that what is written apart joins it.
	for _, parts := range []bool{false, true} {
		for i := range all {
			t.resource(&all[i], parts)
		}
	}
	in.kept(root.Get("Metadata").Get(keptKey))
}

// byName makes the members of an object quick to find.
func byName(n *source.Node) map[string]*source.Node {
	all := map[string]*source.Node{}
	for i, m := range members(n) {
		all[m.Name] = &n.Members[i].Value
	}
	return all
}

// metadataKey is where a template written here says the account that it is of.
const metadataKey = "AccountId"

type templateReader struct {
	*intake
	parameters map[string]*source.Node
	resources  map[string]*source.Node
	path       []string // of the value that is being resolved
}

// memberships are the resources that write apart to whom something belongs.
var memberships = map[string]string{"AWS::IAM::Policy": "Policies", "AWS::IAM::ManagedPolicy": "AttachedPolicies", "AWS::IAM::UserToGroupAddition": "Groups"}

func (t *templateReader) resource(m *source.Member, parts bool) {
	cfnType := said(&m.Value, "Type")
	k := kindOf(cloudFormation, cfnType)
	part := memberships[cfnType]
	isPart := k == nil || k.part != ""
	if k == nil && part == "" || parts != isPart && !(parts && part != "") || t.full() {
		return
	}
	properties := object()
	if written := m.Value.Get("Properties"); written != nil {
		t.path = append(t.path[:0], "Resources", m.Name, "Properties")
		properties = t.resolve(written, !parts || isPart)
	}
	if k != nil && parts == isPart {
		entry := k.read(cloudFormation, properties, t.home)
		fallback := ""
		if k.part == "" {
			fallback = m.Name
			if said(entry, k.fields[0].name) == "" && k.place != "Organization" {
				t.note(m.Name, ": CloudFormation makes up its name; the logical id stands for it")
			}
		}
		t.add(k, t.home, entry, fallback)
	}
	if parts && part != "" {
		t.spread(part, m.Name, properties)
	}
}

// spread puts a policy, an attachment or a membership to everyone whom the
// resource lists.
func (t *templateReader) spread(part, logical string, p *source.Node) {
	for _, place := range holders {
		k := partOf(place, part)
		if k == nil {
			continue
		}
		for _, holder := range items(p.Get(place)) {
			entry := object(k.fields[0].name, holder)
			switch part {
			case "Policies":
				set(entry, "PolicyName", p.Get("PolicyName"))
				set(entry, "PolicyDocument", policy(p.Get("PolicyDocument")))
			case "AttachedPolicies":
				set(entry, "PolicyArn", str(t.attribute(logical, "Ref")))
			default:
				set(entry, "Groups", list(p.Get("GroupName")))
			}
			t.add(k, t.home, entry, "")
		}
	}
}

// resolve replaces the functions that say something literal by what they say.
// What can't be made out stays as text, with a note where tell says so.
// AWS::NoValue is nothing.
func (t *templateReader) resolve(n *source.Node, tell bool) *source.Node {
	if t.budget -= perReference; t.budget < 0 {
		return n
	}
	if name := intrinsic(n); name != "" {
		got, ok := t.function(name, &n.Members[0].Value, tell)
		if t.budget -= len(word(got)); !ok {
			if tell {
				t.note(strings.Join(t.path, "/"), ": ", source.Clip(n.JSON("")), " isn't known here and stays as text")
			}
			if got == nil {
				got = str(n.JSON(""))
			}
		}
		return got
	}
	if n.Kind == source.Array {
		all := list()
		for i := range n.Items {
			add(all, t.resolve(&n.Items[i], tell))
		}
		return all
	}
	if n.Kind == source.Object {
		all := object()
		for i := range n.Members {
			m := &n.Members[i]
			t.path = append(t.path, m.Name)
			if value := t.resolve(&m.Value, tell); value != nil {
				all.Members = append(all.Members, source.Member{Name: m.Name, Value: *value})
			}
			t.path = t.path[:len(t.path)-1]
		}
		return all
	}
	return n
}

// intrinsic is the name of the function that n is, "" where it is none.
func intrinsic(n *source.Node) string {
	if n.Kind == source.Object && len(n.Members) == 1 {
		if name := n.Members[0].Name; name == "Ref" || strings.HasPrefix(name, "Fn::") {
			return name
		}
	}
	return ""
}

// function is the value of one function; false where some of it isn't known.
func (t *templateReader) function(name string, argument *source.Node, tell bool) (*source.Node, bool) {
	two := argument.Kind == source.Array && len(argument.Items) == 2
	switch name {
	case "Ref":
		return t.ref(word(argument))
	case "Fn::GetAtt":
		logical, attribute, _ := strings.Cut(word(argument), ".")
		if two {
			logical, attribute = word(&argument.Items[0]), word(&argument.Items[1])
		}
		if s := t.attribute(logical, attribute); s != "" {
			return str(s), true
		}
		return str("${" + logical + "." + attribute + "}"), false
	case "Fn::Sub":
		if two {
			return t.sub(word(&argument.Items[0]), &argument.Items[1], tell)
		}
		return t.sub(word(argument), nil, tell)
	case "Fn::Join":
		if two {
			if joined := t.resolve(&argument.Items[1], tell); is(joined, source.Array) {
				return join(word(&argument.Items[0]), joined, t.budget)
			}
		}
	}
	return nil, false
}

// join is the items of a list in one string, which whoever asks takes off the
// budget; false where it is beyond that.
func join(separator string, all *source.Node, budget int) (*source.Node, bool) {
	var parts []string
	for i := range all.Items {
		parts = append(parts, word(&all.Items[i]))
		budget -= len(separator) + len(parts[i])
	}
	if budget < 0 {
		return nil, false
	}
	return str(strings.Join(parts, separator)), true
}

// pseudo are the pseudo parameters that are the same for everybody here.
var pseudo = map[string]string{"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::URLSuffix": "amazonaws.com"}

// ref is what Ref gives for a pseudo parameter, a parameter with a default or
// a resource of the template.
func (t *templateReader) ref(name string) (*source.Node, bool) {
	s := pseudo[name]
	switch name {
	case "AWS::AccountId":
		s = t.home
	case "AWS::NoValue":
		return nil, true
	}
	parameter := t.parameters[name]
	if written := parameter.Get("Default"); written != nil {
		if !strings.Contains(said(parameter, "Type"), "List") {
			return str(word(written)), true
		}
		all := list()
		for item := range strings.SplitSeq(word(written), ",") {
			add(all, str(strings.TrimSpace(item)))
		}
		return all, true
	}
	if s == "" && parameter == nil {
		s = t.attribute(name, "Ref")
	}
	if s == "" {
		return str("${" + name + "}"), false
	}
	return str(s), true
}

// attribute is what Ref or GetAtt Arn gives of a resource: of policies and
// providers Ref too is the ARN, of the others the name. "" where that isn't
// known.
func (t *templateReader) attribute(logical, attribute string) string {
	r := t.resources[logical]
	if r == nil || len(t.path) > 2*source.MaxDepth || attribute != "Arn" && attribute != "Ref" {
		return ""
	}
	cfnType := said(r, "Type")
	k := kindOf(cloudFormation, cfnType)
	prefix, property := "", ""
	switch {
	case cfnType == "AWS::S3::Bucket":
		prefix, property = "arn:aws:s3:::", "BucketName"
	case k == nil || k.place == "Organization" || k.part != "":
		return ""
	case k.place == "Resources":
		prefix = strings.Replace(k.prefix, "{account}", t.home, 1)
	default:
		property = k.fields[0].in[cloudFormation]
	}
	name := logical
	if written := r.Get("Properties").Get(property); written != nil {
		t.path = append(t.path, "…") // a name that refers to itself ends here
		name = word(t.resolve(written, false))
		t.path = t.path[:len(t.path)-1]
	}
	switch {
	case prefix != "" && attribute == "Arn":
		return prefix + name
	case prefix == "" && (attribute == "Arn" || strings.HasSuffix(k.place, "Providers") || k.place == "Policies"):
		return arnOf(k, t.home, object(k.fields[0].name, str(name), "Path", r.Get("Properties").Get("Path")))
	}
	return name
}

// sub is what Fn::Sub makes of its text: ${Name}, ${Name.Arn}, ${!Literal}
// and the names of its own map.
func (t *templateReader) sub(text string, names *source.Node, tell bool) (*source.Node, bool) {
	var b strings.Builder
	known := true
	for {
		before, rest, open := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !open || !closed {
			b.WriteString(text[len(before):])
			return str(b.String()), known
		}
		text = after
		literal, isLiteral := strings.CutPrefix(name, "!")
		logical, attribute, dotted := strings.Cut(name, ".")
		var got *source.Node
		ok := true
		switch own := names.Get(name); {
		case isLiteral:
			got = str("${" + literal + "}")
		case own != nil:
			got = t.resolve(own, tell)
		case dotted:
			if got = texted(t.attribute(logical, attribute)); got == nil {
				got, ok = str("${"+name+"}"), false
			}
		default:
			got, ok = t.ref(name)
		}
		known = known && ok
		b.WriteString(word(got))
		t.budget -= perReference + len(members(names))
		if b.Len() > t.budget {
			return nil, false
		}
	}
}
