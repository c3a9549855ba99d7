package exchange

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// merger puts entries into a world, and keeps what that takes as a JSON
// Patch. Every parent that an operation needs is there before it.
type merger struct {
	root    source.Node // the world as it is after the patch so far
	patch   []trace.Patch
	notes   []string
	entries []named // what was put in, for the sentence that says what it was
	size    int     // of the patch's values, in bytes
	all     bool    // what was read has all that a list of policies has
}

// named is an entry that was put in; of is what it is a part of.
type named struct{ word, name, of, account string }

// newMerger begins with a scenario document, which stays as it is.
func newMerger(world *source.Node) *merger {
	m := &merger{root: source.Node{Kind: source.Object}}
	if world != nil && world.Kind == source.Object {
		m.root = clone(world)
	}
	return m
}

// clone is a copy that can be changed without changing n.
func clone(n *source.Node) source.Node {
	c := *n
	c.Items = append([]source.Node(nil), n.Items...)
	c.Members = append([]source.Member(nil), n.Members...)
	for i := range c.Items {
		c.Items[i] = clone(&c.Items[i])
	}
	for i := range c.Members {
		c.Members[i].Value = clone(&c.Members[i].Value)
	}
	return c
}

// mostNotes is how many notes anybody reads.
const mostNotes = 50

func (m *merger) note(text string) {
	switch {
	case slices.Contains(m.notes, text) || len(m.notes) > mostNotes:
	case len(m.notes) == mostNotes:
		m.notes = append(m.notes, "there is more to say than this")
	default:
		m.notes = append(m.notes, text)
	}
}

func (m *merger) do(op, path string, value *source.Node) {
	text := jsontext.Value(source.AppendJSON(nil, value))
	m.size += len(text)
	m.patch = append(m.patch, trace.Patch{Op: op, Path: path, Value: text})
}

// member is the member of the container at path, made where there is none of
// that kind.
func (m *merger) member(parent *source.Node, path, name string, kind source.Kind) (*source.Node, string) {
	path = pointer(path, name)
	n := parent.Get(name)
	if n == nil || n.Kind != kind {
		if n != nil && n.Kind != source.Null {
			m.note(path + was(n) + " and is replaced")
		}
		made := source.Node{Kind: kind}
		m.put(parent, path, name, made)
		n = parent.Get(name)
	}
	return n, path
}

// put adds or replaces a member of parent; path is the member's.
func (m *merger) put(parent *source.Node, path, name string, value source.Node) {
	op := "add"
	if parent.Get(name) != nil {
		op = "replace"
	}
	m.do(op, path, &value)
	set(parent, name, value)
}

// account is the account of that id, made where there is none.
func (m *merger) account(id string) (*source.Node, string) {
	accounts, path := m.member(&m.root, "", "accounts", source.Object)
	return m.member(accounts, path, id, source.Object)
}

// merge puts an entry of kind k into an account. What the entry says takes
// the place of what stands there, with a note; what it doesn't say stays. Of
// a part, the list keeps its other items too.
func (m *merger) merge(k *kind, account string, entry source.Node) {
	id := k.fields[0].name
	name := word(entry.Get(id))
	at, path := m.account(account)
	all, path := m.member(at, path, k.place, source.Array)
	whose := holderOf(k.place).word + " " + name
	if k.part == "" {
		m.entries = append(m.entries, named{k.word, name, "", account})
	} else {
		m.entries = append(m.entries, named{k.word, word(first(&entry, "PolicyName", "PolicyArn", "Groups")), whose, account})
		entry = part(k, name, &entry)
	}
	i := find(all, id, name)
	if i < 0 {
		entry.Members = slices.DeleteFunc(entry.Members, isEmpty)
		m.do("add", pointer(path, "-"), &entry)
		all.Items = append(all.Items, entry)
		return
	}
	existing, path := &all.Items[i], path+"/"+strconv.Itoa(i)
	for j := range entry.Members {
		if member := &entry.Members[j]; member.Name != id {
			m.mergeMember(existing, path, whose, member)
		}
	}
}

// isEmpty says whether a member is a list of nothing, which says the same as none.
func isEmpty(m source.Member) bool { return m.Value.Kind == source.Array && len(m.Value.Items) == 0 }

// part is an entry of place that has nothing but the one item of its list.
func part(k *kind, holder string, entry *source.Node) source.Node {
	item := source.Node{Kind: source.Object, Members: entry.Members[1:]}
	all := list(item)
	if k.part == "Groups" {
		all = value(entry.Get("Groups"))
	}
	return object(k.fields[0].name, str(holder), k.part, all)
}

// mergeMember puts one member into an existing entry. A list whose items can
// also be written apart keeps those that it has.
func (m *merger) mergeMember(existing *source.Node, path, whose string, member *source.Member) {
	old := existing.Get(member.Name)
	path = pointer(path, member.Name)
	switch {
	case old == nil || old.Kind == source.Null:
		if !isEmpty(*member) {
			m.put(existing, path, member.Name, member.Value)
		}
	case same(old, &member.Value):
	case old.Kind == source.Array && (member.Name == "Policies" || member.Name == "AttachedPolicies" || member.Name == "Groups"):
		if m.all && len(old.Items) > len(member.Value.Items) {
			m.note(whose + ": of its " + member.Name + " more stand here than were read, and stay")
		}
		for i := range member.Value.Items {
			m.mergeItem(old, path, whose, &member.Value.Items[i])
		}
	default:
		m.note(whose + ": its " + member.Name + was(old) + " and is replaced")
		m.put(existing, path, member.Name, member.Value)
	}
}

// mergeItem puts one item into a list whose items have a name.
func (m *merger) mergeItem(all *source.Node, path, whose string, item *source.Node) {
	id := itemName(item)
	name := item.Text
	if id != "" {
		name = word(item.Get(id))
	}
	i := find(all, id, name)
	switch {
	case i < 0:
		m.do("add", pointer(path, "-"), item)
		all.Items = append(all.Items, *item)
	case !same(&all.Items[i], item):
		if all.Items[i].Get("PolicyDocument") != nil {
			m.note(whose + ": its policy " + source.Clip(name) + " was another one, and is replaced")
		}
		m.do("replace", path+"/"+strconv.Itoa(i), item)
		all.Items[i] = *item
	}
}

// itemName is the member that identifies an item among its like; "" for a string.
func itemName(item *source.Node) string {
	for _, name := range []string{"PolicyName", "PolicyArn", "Key"} {
		if item.Get(name) != nil {
			return name
		}
	}
	return ""
}

// find is the index of the entry whose id is name, -1 where there is none. IAM
// takes names that differ in letter case only for the same (IAM guide,
// reference_iam-quotas), and a URL with or without its scheme.
func find(all *source.Node, id, name string) int {
	for i := range all.Items {
		item := &all.Items[i]
		if id != "" {
			item = item.Get(id)
		}
		is := word(item)
		switch {
		case is == "":
		case is == name,
			strings.HasSuffix(id, "Name") && strings.EqualFold(is, name),
			id == "Url" && strings.TrimPrefix(is, "https://") == strings.TrimPrefix(name, "https://"):
			return i
		}
	}
	return -1
}

// was says what a value was, where that is short.
func was(n *source.Node) string {
	shown := n.JSON("")
	if n.Kind == source.Object || n.Kind == source.String && strings.HasPrefix(strings.TrimSpace(n.Text), "{") || len(shown) > 120 {
		return " was another one"
	}
	return " was " + shown
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// pointer is the JSON Pointer of a member of what is at path (RFC 6901 §3).
func pointer(path, name string) string { return path + "/" + pointerEscape.Replace(name) }

// fullAccess is the policy that AWS attaches by default (AWS Organizations
// guide, orgs_manage_policies_scps_create).
var fullAccess = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// mergeOrganization puts a policy of AWS Organizations onto the accounts that
// it is attached to, or else onto the home account. The level is the one
// nearest to the account.
func (m *merger) mergeOrganization(entry source.Node, home string) {
	lists := map[string]string{"": "ServiceControlPolicies", "SERVICE_CONTROL_POLICY": "ServiceControlPolicies", "RESOURCE_CONTROL_POLICY": "ResourceControlPolicies"}
	name, content := word(entry.Get("Name")), value(entry.Get("Content"))
	place := lists[word(entry.Get("Type"))]
	if place == "" || content.Kind == source.Invalid {
		m.note("the organization policy " + source.Quote(name) + " is left out: a scenario has service and resource control policies only, each with its content")
		return
	}
	var targets []string
	for _, target := range items(entry.Get("TargetIds")) {
		if isAccount(word(&target)) {
			targets = append(targets, word(&target))
		}
	}
	if targets == nil {
		targets = []string{home}
		m.note("what " + source.Quote(name) + " is attached to isn't said with it; it is put onto account " + home)
	}
	for _, target := range targets {
		m.entries = append(m.entries, named{"organization policy", name, "", target})
		at, path := m.account(target)
		levels, path := m.member(at, path, place, source.Array)
		if last := len(levels.Items) - 1; last >= 0 && levels.Items[last].Kind == source.Array {
			level := &levels.Items[last]
			known := false
			for i := range level.Items {
				known = known || same(&level.Items[i], &content)
			}
			if !known {
				m.do("add", path+"/"+strconv.Itoa(last)+"/-", &content)
				level.Items = append(level.Items, content)
			}
			continue
		}
		level := list(content)
		if place == "ServiceControlPolicies" {
			full := str(fullAccess)
			if full = policy(&full); !same(&full, &content) {
				level = list(full, content)
				m.note("FullAWSAccess is put beside it, as AWS attaches it; take it out where your organization has")
			}
		}
		m.do("add", path+"/-", &level)
		levels.Items = append(levels.Items, level)
	}
}
