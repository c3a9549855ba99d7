package scenario

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"stsplayground/engine/source"
)

// Schema is the shape of a scenario as a JSON Schema (draft 2020-12), read off
// the same types that Decode goes by, for editors and other tools. It takes
// whatever Decode takes, save null for a field that isn't given. About is what
// a type, as in Role, or a field, as in Role.RoleName, is described by; words
// are what a field is commonly given, where it takes others too.
func Schema(about func(name string) string, words func(name string) []string) *source.Node {
	b := schemaBuilder{about: about, words: words, made: map[reflect.Type]bool{}}
	root := object(
		"$schema", text("https://json-schema.org/draft/2020-12/schema"),
		"title", text("STS Playground scenario"),
	)
	b.defs = written()
	b.struct_(root, reflect.TypeFor[Scenario](), nil)
	set(root, "$defs", b.defs)
	return root
}

type schemaBuilder struct {
	about func(string) string
	words func(string) []string
	defs  *source.Node
	made  map[reflect.Type]bool // what has its place in defs
}

// ref is a reference to the definition of that name.
func ref(name string) *source.Node { return object("$ref", text("#/$defs/"+name)) }

// of is the schema of a value of type t.
func (b *schemaBuilder) of(t reflect.Type, oneof []string) *source.Node {
	switch t {
	case reflect.TypeFor[Document]():
		return ref("document")
	case reflect.TypeFor[Token]():
		return b.token(false)
	case reflect.TypeFor[Certificate]():
		return object("anyOf", list(ref("text"), oneOf(object("mint", b.named(reflect.TypeFor[CertificateMint]())))))
	case reflect.TypeFor[IdentityID]():
		return object("anyOf", list(ref("text"), oneOf(object("from", ref("text")))))
	case reflect.TypeFor[[]Account]():
		account := b.named(reflect.TypeFor[Account]())
		return object("type", text("object"),
			"patternProperties", object("^[0-9]{12}$", object("anyOf", list(account, object("type", text("null"))))),
			"additionalProperties", flag(false))
	case reflect.TypeFor[[]ContextKey]():
		return ref("context")
	case reflect.TypeFor[time.Time]():
		return ref("moment")
	case reflect.TypeFor[time.Duration]():
		return ref("length")
	case reflect.TypeFor[Delay]():
		return ref("delay")
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.of(t.Elem(), oneof)
	case reflect.Bool:
		return object("type", text("boolean"))
	case reflect.Int, reflect.Int64:
		return object("type", text("integer"))
	case reflect.Slice:
		return object("type", text("array"), "items", b.of(t.Elem(), oneof))
	case reflect.Map:
		return object("type", text("object"), "additionalProperties", b.of(t.Elem(), nil))
	case reflect.Struct:
		return b.named(t)
	}
	if len(oneof) > 0 {
		return object("enum", texts(oneof))
	}
	return ref("text")
}

// named is a reference to the definition of a struct, which is made where it
// isn't there yet.
func (b *schemaBuilder) named(t reflect.Type) *source.Node {
	if !b.made[t] {
		b.made[t] = true
		def := &source.Node{Kind: source.Object}
		at := len(b.defs.Members)
		set(b.defs, t.Name(), def)
		b.struct_(def, t, nil)
		b.defs.Members[at].Value = *def
	}
	return ref(t.Name())
}

// struct_ describes an object of type t. Only says which of its fields there
// are; nil for all of them.
func (b *schemaBuilder) struct_(def *source.Node, t reflect.Type, only []string) {
	s := shapes()[t]
	if only == nil {
		only = s.names
	}
	if about := b.about(t.Name()); about != "" {
		set(def, "description", text(about))
	}
	set(def, "type", text("object"))
	properties, required := object(), []string{}
	for _, name := range only {
		f := s.fields[name]
		set(properties, name, b.field(t, name, f))
		if f.required {
			required = append(required, name)
		}
	}
	set(def, "properties", properties)
	if len(required) > 0 {
		set(def, "required", texts(required))
	}
	if len(s.ignored) > 0 { // taken, and not offered
		names := strings.Join(slices.Sorted(maps.Keys(s.ignored)), "|")
		set(def, "patternProperties", object("^("+strings.ReplaceAll(names, "$", `\$`)+")$", flag(true)))
	}
	set(def, "additionalProperties", flag(false))
	switch t {
	case reflect.TypeFor[Issuer]():
		set(def, "anyOf", list(object("required", texts([]string{"url"})), object("required", texts([]string{"entityId"}))))
	case reflect.TypeFor[Call]():
		set(def, "allOf", b.operations())
	}
}

// field is the schema of a field, with what it is described by.
func (b *schemaBuilder) field(t reflect.Type, name string, f field) *source.Node {
	full := t.Name() + "." + name
	schema := b.special(full, t.Field(f.index).Type)
	if schema == nil {
		schema = b.of(t.Field(f.index).Type, f.oneof)
	}
	if words := b.words(full); len(words) > 0 { // an editor offers them, and others are taken
		schema = object("anyOf", list(object("enum", texts(words)), schema))
	}
	if about := b.about(full); about != "" {
		set(schema, "description", text(about))
	}
	return schema
}

// special is the schema of a field whose type says less than there is to say.
func (b *schemaBuilder) special(name string, t reflect.Type) *source.Node {
	field := name[strings.IndexByte(name, '.')+1:]
	switch {
	case name == "Lesson.solution":
		return ref("solution")
	case name == "Lesson.editable":
		return object("type", text("array"), "items", ref("pointer"))
	case name == "LessonSource.url":
		return object("type", text("string"), "pattern", text("^https://"))
	case name == "Call.action":
		return object("anyOf", list(object("enum", texts(slices.Sorted(maps.Keys(operations)))), ref("text")))
	case name == "Call.params":
		return object("type", text("object"))
	case name == "Call.name":
		return object("anyOf", list(object("type", text("string"), "not", object("pattern", text("^(arn:|service/)"))), object("type", texts([]string{"number", "boolean"}))))
	case name == "InstanceProfile.Roles", name == "Params.ProvidedContexts", name == "Params.Audience":
		return object()
	case t == reflect.TypeFor[Document]() && slices.Contains([]string{"claims", "header", "attributes", "times"}, field):
		return object("type", text("object"))
	case t == reflect.TypeFor[Document]() && slices.Contains([]string{
		"AssumeRolePolicyDocument", "PolicyDocument", "Policy", "policy", "sessionPolicy", "InlinePolicy",
	}, field):
		return ref("policy")
	case t == reflect.TypeFor[[][]Document]():
		return object("type", text("array"), "items", object("type", text("array"), "items", ref("policy")))
	case t == reflect.TypeFor[Token]() && (field == "SAMLAssertion" || field == "SAMLResponse"):
		return b.token(true)
	}
	return nil
}

// token is a token or a response in any of its ways to be written.
func (b *schemaBuilder) token(saml bool) *source.Node {
	name, fields, unsigned := "token", mintToken, ref("Unsigned")
	if saml {
		name, fields, unsigned = "response", mintAssertion, ref("text")
	}
	if b.defs.Get(name) == nil {
		set(b.defs, name, object()) // holds the place
		mint := object()
		b.struct_(mint, reflect.TypeFor[Mint](), fields)
		ways := object("mint", mint, "unsigned", unsigned)
		if !saml {
			b.named(reflect.TypeFor[Unsigned]())
			set(ways, "from", object("$ref", text("#/$defs/text"), "description", text("The name of the earlier call whose token it is.")))
		}
		set(b.defs, name, object("anyOf", list(ref("text"), oneOf(ways))))
	}
	return ref(name)
}

// operations say which params there are by a call's action.
func (b *schemaBuilder) operations() *source.Node {
	all := list()
	for _, action := range slices.Sorted(maps.Keys(operations)) {
		o := operations[action]
		params := object()
		b.struct_(params, reflect.TypeOf(o.into(new(Call))).Elem(), o.names)
		if about := b.about(action); about != "" {
			set(params, "description", text(about))
		}
		set(b.defs, action, params)
		all.Items = append(all.Items, *object(
			"if", object("properties", object("action", object("const", text(action))), "required", texts([]string{"action"})),
			"then", object("properties", object("params", ref(action)))))
	}
	return all
}

// written are the definitions that no Go type says: of values that are judged
// rather than decoded no more is said than helps to write them.
func written() *source.Node {
	n, err := source.ParseJSON(`{
	"text": {"type": ["string", "number", "boolean"], "$comment": "A plain scalar of YAML is taken as written."},
	"pointer": {"type": "string", "pattern": "^(/.*)?$"},
	"moment": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"},
	"length": {"anyOf": [{"type": "string", "pattern": "^\\+?([0-9]+d)?([0-9.]+(ns|us|µs|μs|ms|s|m|h))*$", "minLength": 1}, {"const": 0}]},
	"delay": {"anyOf": [{"type": "string", "pattern": "^[+-]?([0-9]+d)?([0-9.]+(ns|us|µs|μs|ms|s|m|h))*$", "minLength": 1}, {"const": 0}]},
	"context": {"type": "object", "additionalProperties": {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "array", "items": {"$ref": "#/$defs/text"}}]}},
	"document": {"type": ["object", "string"]},
	"policy": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/policyDocument"}]},
	"policyDocument": {
		"description": "A policy as IAM has it. What is wrong in it is told in the report; the schema doesn't judge it.",
		"type": "object",
		"properties": {
			"Version": {"description": "The version of the policy language. Variables work in 2012-10-17 only.", "examples": ["2012-10-17"]},
			"Id": {"description": "A name for the policy."},
			"Statement": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/statement"}}, {"$ref": "#/$defs/statement"}, {}]}
		}
	},
	"statement": {
		"type": "object",
		"properties": {
			"Sid": {"description": "A name for the statement, letters and digits."},
			"Effect": {"description": "Allow or Deny. A Deny that applies wins over every Allow.", "examples": ["Allow", "Deny"]},
			"Principal": {"description": "Whom the statement is about: \"*\", or {AWS: …}, {Federated: …}, {Service: …}. In policies that stand with a role or a resource only."},
			"NotPrincipal": {"description": "Everybody but these."},
			"Action": {"description": "What it allows or denies, such as sts:AssumeRoleWithWebIdentity or s3:Get*.", "examples": ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]},
			"NotAction": {"description": "Every action but these."},
			"Resource": {"description": "The ARNs that it is about. A trust policy has none."},
			"NotResource": {"description": "Every resource but these."},
			"Condition": {
				"description": "Under which conditions it applies: {OPERATOR: {KEY: VALUE}}. All of them have to match; of several values one.",
				"properties": {
					"StringEquals": {"description": "The value, letter by letter; * stands for itself."},
					"StringNotEquals": {},
					"StringEqualsIgnoreCase": {},
					"StringLike": {"description": "The value, with * and ? as wildcards."},
					"StringNotLike": {},
					"ArnLike": {"description": "An ARN, its six parts one by one, with * and ? as wildcards."},
					"ArnNotLike": {},
					"NumericLessThanEquals": {},
					"DateLessThan": {},
					"DateGreaterThan": {},
					"Bool": {},
					"IpAddress": {},
					"NotIpAddress": {},
					"Null": {"description": "true: the key is missing; false: it is there."},
					"ForAnyValue:StringEquals": {"description": "One of the key's values is one of these."},
					"ForAllValues:StringEquals": {"description": "Each of the key's values is one of these; also where it has none."}
				}
			}
		}
	},
	"solution": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/operation"}}, {"type": "object"}]},
	"operation": {
		"description": "One operation of a JSON Patch (RFC 6902).",
		"type": "object",
		"properties": {
			"op": {"enum": ["add", "remove", "replace", "move", "copy", "test"], "description": "What to do. add puts a member in, or an item before the one that is there; - stands for the place behind the last."},
			"path": {"$ref": "#/$defs/pointer", "description": "JSON Pointer into the scenario, such as /accounts/123456789012/Roles/0/MaxSessionDuration. In a name ~1 stands for / and ~0 for ~."},
			"from": {"$ref": "#/$defs/pointer", "description": "Of move and copy: what."},
			"value": {"description": "Of add, replace and test."}
		},
		"required": ["op", "path"],
		"allOf": [
			{"if": {"properties": {"op": {"enum": ["add", "replace", "test"]}}, "required": ["op"]}, "then": {"required": ["value"]}},
			{"if": {"properties": {"op": {"enum": ["move", "copy"]}}, "required": ["op"]}, "then": {"required": ["from"]}}
		]
	}
}`)
	if err != nil {
		panic(err) // a mistake in the text above
	}
	return &n
}

// oneOf is an object that has one of the members.
func oneOf(members *source.Node) *source.Node {
	one := &source.Node{Kind: source.Number, Text: "1"}
	return object("type", text("object"), "properties", members, "minProperties", one, "maxProperties", one, "additionalProperties", flag(false))
}

// object is an object of the members given as name, value, name, value.
func object(members ...any) *source.Node {
	n := &source.Node{Kind: source.Object}
	for i := 0; i < len(members); i += 2 {
		set(n, members[i].(string), members[i+1].(*source.Node))
	}
	return n
}

// set gives n a member, in the place of the one of that name if there is one.
func set(n *source.Node, name string, value *source.Node) {
	if there := n.Get(name); there != nil {
		*there = *value
		return
	}
	n.Members = append(n.Members, source.Member{Name: name, Value: *value})
}

func list(items ...*source.Node) *source.Node {
	n := &source.Node{Kind: source.Array}
	for _, item := range items {
		n.Items = append(n.Items, *item)
	}
	return n
}

func text(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }

func texts(all []string) *source.Node {
	n := list()
	for _, s := range all {
		n.Items = append(n.Items, *text(s))
	}
	return n
}

func flag(is bool) *source.Node {
	word := "false"
	if is {
		word = "true"
	}
	return &source.Node{Kind: source.Bool, Text: word}
}
