package exchange

import (
	"strings"

	"stsplayground/engine/source"
)

// template reads a CloudFormation template.
func (in *intake) template(root *source.Node) string {
	in.what = "a CloudFormation template"
	if account := word(root.Get("Metadata").Get(metadataKey)); isAccount(account) {
		in.home, in.assumed = account, false
	}
	t := &templateReader{intake: in, parameters: byName(root.Get("Parameters")), resources: byName(root.Get("Resources"))}
	resources := value(root.Get("Resources"))
	// What holds others comes first, so that what is written apart joins it.
	for _, parts := range []bool{false, true} {
		for i := range resources.Members {
			t.resource(&resources.Members[i], parts)
		}
	}
	return ""
}

// byName makes the members of an object quick to find.
func byName(n *source.Node) map[string]*source.Node {
	all := map[string]*source.Node{}
	if n != nil {
		for i := range n.Members {
			all[n.Members[i].Name] = &n.Members[i].Value
		}
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
	cfnType := word(m.Value.Get("Type"))
	k := kindOf(cloudFormation, cfnType)
	_, spreads := memberships[cfnType]
	isPart := k == nil || k.part != ""
	if k == nil && !spreads || parts != isPart && !(parts && spreads) || t.full() {
		return
	}
	properties := source.Node{Kind: source.Object}
	if given := m.Value.Get("Properties"); given != nil {
		t.path = append(t.path[:0], "Resources", m.Name, "Properties")
		properties = t.resolve(given, !parts || isPart)
	}
	if k != nil && parts == isPart {
		entry := k.read(cloudFormation, &properties, t.home)
		fallback := ""
		if k.part == "" {
			fallback = m.Name
		}
		if word(entry.Get(k.fields[0].name)) == "" && fallback != "" && k.place != "Organization" {
			t.note(m.Name + ": CloudFormation makes up its name; the logical id stands for it")
		}
		t.add(k, t.home, entry, fallback)
	}
	if parts && spreads {
		t.spread(memberships[cfnType], m.Name, &properties)
	}
}

// spread puts a policy, an attachment or a membership to everyone whom the
// resource lists.
func (t *templateReader) spread(part, logical string, p *source.Node) {
	for i := range kinds {
		k := &kinds[i]
		if k.part != part {
			continue
		}
		id := k.fields[0].name
		for _, holder := range items(p.Get(k.place)) {
			entry := object(id, holder)
			switch part {
			case "Policies":
				set(&entry, "PolicyName", value(p.Get("PolicyName")))
				set(&entry, "PolicyDocument", policy(p.Get("PolicyDocument")))
			case "AttachedPolicies":
				set(&entry, "PolicyArn", str(t.attribute(logical, "Ref")))
			default:
				set(&entry, "Groups", list(value(p.Get("GroupName"))))
			}
			t.add(k, t.home, entry, "")
		}
	}
}

// resolve replaces the functions that say something literal by what they say.
// What can't be made out stays as text, with a note where tell says so.
func (t *templateReader) resolve(n *source.Node, tell bool) source.Node {
	t.budget -= perReference
	switch {
	case t.budget < 0:
	case n.Kind == source.Array:
		all := source.Node{Kind: source.Array}
		for i := range n.Items {
			if item := t.resolve(&n.Items[i], tell); item.Kind != source.Invalid {
				all.Items = append(all.Items, item)
			}
		}
		return all
	case n.Kind == source.Object && len(n.Members) == 1 && (n.Members[0].Name == "Ref" || strings.HasPrefix(n.Members[0].Name, "Fn::")):
		got, ok := source.Node{}, false
		if t.budget > 0 {
			got, ok = t.function(n.Members[0].Name, &n.Members[0].Value, tell)
			t.budget -= len(got.Text)
		}
		if !ok {
			if tell {
				t.note(strings.Join(t.path, "/") + ": " + source.Clip(n.JSON("")) + " isn't known here and stays as text")
			}
			if got.Kind == source.Invalid {
				got = str(n.JSON(""))
			}
		}
		return got
	case n.Kind == source.Object:
		object := source.Node{Kind: source.Object}
		for i := range n.Members {
			t.path = append(t.path, n.Members[i].Name)
			resolved := t.resolve(&n.Members[i].Value, tell)
			t.path = t.path[:len(t.path)-1]
			if resolved.Kind != source.Invalid {
				object.Members = append(object.Members, source.Member{Name: n.Members[i].Name, Value: resolved})
			}
		}
		return object
	}
	return *n
}

// function is the value of one function; ok is false where some of it isn't
// known. AWS::NoValue is nothing, Invalid and known.
func (t *templateReader) function(name string, argument *source.Node, tell bool) (source.Node, bool) {
	switch name {
	case "Ref":
		return t.ref(word(argument))
	case "Fn::GetAtt":
		of := strings.Split(word(argument), ".")
		if argument.Kind == source.Array && len(argument.Items) == 2 {
			of = []string{word(&argument.Items[0]), word(&argument.Items[1])}
		}
		if len(of) == 2 {
			if s := t.attribute(of[0], of[1]); s != "" {
				return str(s), true
			}
			return str("${" + of[0] + "." + of[1] + "}"), false
		}
	case "Fn::Sub":
		return t.sub(argument, tell)
	case "Fn::Join":
		if len(argument.Items) == 2 {
			var parts []string
			joined := t.resolve(&argument.Items[1], tell)
			for i := range joined.Items {
				parts = append(parts, word(&joined.Items[i]))
			}
			return str(strings.Join(parts, word(&argument.Items[0]))), joined.Kind == source.Array
		}
	}
	return source.Node{}, false
}

// ref is what Ref gives for a pseudo parameter, a parameter with a default or
// a resource of the template.
func (t *templateReader) ref(name string) (source.Node, bool) {
	switch name {
	case "AWS::AccountId":
		return str(t.home), true
	case "AWS::Partition":
		return str("aws"), true
	case "AWS::Region":
		return str("us-east-1"), true
	case "AWS::URLSuffix":
		return str("amazonaws.com"), true
	case "AWS::NoValue":
		return source.Node{}, true
	}
	if parameter := t.parameters[name]; parameter != nil {
		if given := parameter.Get("Default"); given != nil {
			if kind := word(parameter.Get("Type")); strings.Contains(kind, "List") {
				all := list()
				for _, s := range strings.Split(word(given), ",") {
					all.Items = append(all.Items, str(strings.TrimSpace(s)))
				}
				return all, true
			}
			return str(word(given)), true
		}
	} else if s := t.attribute(name, "Ref"); s != "" {
		return str(s), true
	}
	return str("${" + name + "}"), false
}

// attribute is what Ref or GetAtt Arn gives of a resource: of policies and
// providers Ref too is the ARN, of the others the name. "" where that isn't
// known.
func (t *templateReader) attribute(logical, attribute string) string {
	r := t.resources[logical]
	if r == nil || len(t.path) > 2*source.MaxDepth {
		return ""
	}
	cfnType := word(r.Get("Type"))
	k := kindOf(cloudFormation, cfnType)
	prefix, nameProperty := "", "BucketName"
	switch {
	case cfnType == "AWS::S3::Bucket":
		prefix = "arn:aws:s3:::"
	case k == nil || k.place == "Organization" || k.part != "":
		return ""
	case k.place == "Resources":
		prefix, nameProperty = strings.Replace(k.prefix, "{account}", t.home, 1), ""
	default:
		nameProperty = k.fields[0].in[cloudFormation]
	}
	name := logical
	if given := r.Get("Properties").Get(nameProperty); given != nil {
		t.path = append(t.path, "…") // a name that refers to itself ends here
		resolved := t.resolve(given, false)
		t.path = t.path[:len(t.path)-1]
		name = word(&resolved)
	}
	isARN := attribute == "Arn" || prefix == "" && attribute == "Ref" && (strings.HasSuffix(k.place, "Providers") || k.place == "Policies")
	switch {
	case attribute != "Arn" && attribute != "Ref":
		return ""
	case !isARN:
		return name
	case prefix != "":
		return prefix + name
	}
	path := value(r.Get("Properties").Get("Path"))
	return arnOf(k, t.home, &source.Node{Kind: source.Object, Members: []source.Member{{Name: k.fields[0].name, Value: str(name)}, {Name: "Path", Value: path}}})
}

// sub is what Fn::Sub makes of its text: ${Name}, ${Name.Arn}, ${!Literal}
// and the names of its own map.
func (t *templateReader) sub(argument *source.Node, tell bool) (source.Node, bool) {
	text, names := word(argument), (*source.Node)(nil)
	if argument.Kind == source.Array && len(argument.Items) == 2 {
		text, names = word(&argument.Items[0]), &argument.Items[1]
	}
	var b strings.Builder
	known := true
	for {
		before, rest, open := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !open || !closed {
			b.WriteString(text[len(before):])
			break
		}
		text = after
		switch literal, ok := strings.CutPrefix(name, "!"); {
		case ok:
			b.WriteString("${" + literal + "}")
		case names.Get(name) != nil:
			resolved := t.resolve(names.Get(name), tell)
			b.WriteString(word(&resolved))
		default:
			got, ok := t.ref(name)
			if of, attribute, dotted := strings.Cut(name, "."); dotted {
				if s := t.attribute(of, attribute); s != "" {
					got, ok = str(s), true
				}
			}
			known = known && ok
			b.WriteString(word(&got))
		}
		if t.budget -= perReference; names != nil {
			t.budget -= len(names.Members)
		}
		if b.Len() > t.budget {
			return source.Node{}, false
		}
	}
	return str(b.String()), known
}
