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
	root     *source.Node // the world as it is after the patch so far
	patch    []trace.Patch
	notes    []string
	entries  []named // what was put in, for the sentence that says what it was
	size     int     // of the patch's values, in bytes
	all      bool    // what was read has all that a list of policies has
	attached bool    // a policy of the organization named its accounts itself
}

// named is an entry that was put in; of is what it is a part of.
type named struct{ word, name, of, account string }

// newMerger begins with a scenario document, which stays as it is.
func newMerger(world *source.Node) *merger {
	if !is(world, source.Object) {
		return &merger{root: object()}
	}
	root := clone(*world)
	return &merger{root: &root}
}

// clone is a copy that can be changed without changing n.
func clone(n source.Node) source.Node {
	n.Items = slices.Clone(n.Items)
	n.Members = slices.Clone(n.Members)
	for i := range n.Items {
		n.Items[i] = clone(n.Items[i])
	}
	for i := range n.Members {
		n.Members[i].Value = clone(n.Members[i].Value)
	}
	return n
}

// mostNotes is how many notes anybody reads.
const mostNotes = 50

// note notes what its parts say together.
func (m *merger) note(parts ...string) {
	text := strings.Join(parts, "")
	switch {
	case slices.Contains(m.notes, text) || len(m.notes) > mostNotes:
		return
	case len(m.notes) == mostNotes:
		text = "there is more to say than this"
	}
	m.notes = append(m.notes, text)
}

func (m *merger) do(op, path string, value *source.Node) {
	text := jsontext.Value(source.AppendJSON(nil, value))
	m.size += len(text)
	m.patch = append(m.patch, trace.Patch{Op: op, Path: path, Value: text})
}

// member is the member of the container at path, made where there is none of
// that kind, and its path.
func (m *merger) member(parent *source.Node, path, name string, kind source.Kind) (*source.Node, string) {
	path = source.Pointer(path, name)
	n := parent.Get(name)
	if !is(n, kind) {
		if given(n) != nil {
			m.note(path, was(n), " and is replaced")
		}
		m.put(parent, path, name, &source.Node{Kind: kind})
		n = parent.Get(name)
	}
	return n, path
}

// put adds or replaces a member of parent; path is the member's.
func (m *merger) put(parent *source.Node, path, name string, value *source.Node) {
	op := "add"
	if parent.Get(name) != nil {
		op = "replace"
	}
	m.do(op, path, value)
	set(parent, name, value)
}

// append puts an item at the end of a list; path is the list's.
func (m *merger) append(all *source.Node, path string, item *source.Node) {
	m.do("add", path+"/-", item)
	add(all, item)
}

// account is the account of that id, made where there is none.
func (m *merger) account(id string) (*source.Node, string) {
	accounts, path := m.member(m.root, "", "accounts", source.Object)
	return m.member(accounts, path, id, source.Object)
}

// entriesOf are those of an account's list, as far as they are there.
func (m *merger) entriesOf(account, place string) []*source.Node {
	return listed(m.root.Get("accounts").Get(account).Get(place))
}

// merge puts an entry of kind k into an account. What the entry says takes
// the place of what stands there, with a note; what it doesn't say stays. Of
// a part, the list keeps its other items too.
func (m *merger) merge(k *kind, account string, entry *source.Node) {
	id := k.fields[0].name
	name := said(entry, id)
	at, path := m.account(account)
	all, path := m.member(at, path, k.place, source.Array)
	whose := k.word + " " + name
	if k.part == "" {
		m.entries = append(m.entries, named{k.word, name, "", account})
	} else {
		whose = partOf(k.place, "").word + " " + name
		m.entries = append(m.entries, named{k.word, word(first(entry, "PolicyName", "PolicyArn", "Groups")), whose, account})
		item := &source.Node{Kind: source.Object, Members: entry.Members[1:]}
		if k.part == "Groups" {
			entry = object(id, str(name), k.part, entry.Get(k.part))
		} else {
			entry = object(id, str(name), k.part, list(item))
		}
	}
	i := find(all, id, name)
	if i < 0 {
		entry.Members = slices.DeleteFunc(entry.Members, func(m source.Member) bool { return isEmpty(&m.Value) })
		m.append(all, path, entry)
		return
	}
	path += "/" + strconv.Itoa(i)
	for j := range entry.Members {
		if member := &entry.Members[j]; member.Name != id {
			m.mergeMember(&all.Items[i], path, whose, member.Name, &member.Value)
		}
	}
}

// isEmpty says whether n is a list of nothing, which says the same as none.
func isEmpty(n *source.Node) bool { return n.Kind == source.Array && len(n.Items) == 0 }

// mergeMember puts one member into an existing entry. A list whose items can
// also be written apart keeps those that it has.
func (m *merger) mergeMember(existing *source.Node, path, whose, name string, value *source.Node) {
	old := existing.Get(name)
	path = source.Pointer(path, name)
	switch {
	case given(old) == nil:
		if !isEmpty(value) {
			m.put(existing, path, name, value)
		}
	case same(old, value):
	case old.Kind == source.Array && (name == "Policies" || name == "AttachedPolicies" || name == "Groups"):
		if m.all && len(old.Items) > len(value.Items) {
			m.note(whose, ": of its ", name, " more stand here than were read, and stay")
		}
		for _, item := range items(value) {
			m.mergeItem(old, path, whose, item)
		}
	default:
		m.note(whose, ": its ", name, was(old), " and is replaced")
		m.put(existing, path, name, value)
	}
}

// mergeItem puts one item into a list whose items have a name.
func (m *merger) mergeItem(all *source.Node, path, whose string, item *source.Node) {
	id, name := "", item.Text
	for _, member := range []string{"PolicyArn", "PolicyName"} {
		if item.Get(member) != nil {
			id, name = member, said(item, member)
		}
	}
	i := find(all, id, name)
	switch {
	case i < 0:
		m.append(all, path, item)
	case !same(&all.Items[i], item):
		if id == "PolicyName" {
			m.note(whose, ": its policy ", source.Clip(name), " was another one, and is replaced")
		}
		m.do("replace", path+"/"+strconv.Itoa(i), item)
		all.Items[i] = *item
	}
}

// find is the index of the entry whose id is name, -1 where there is none. IAM
// takes names that differ in letter case only for the same (IAM guide,
// reference_iam-quotas), and a URL with or without its scheme.
func find(all *source.Node, id, name string) int {
	for i, item := range items(all) {
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
	if isPolicy(policy(n)) || len(shown) > 120 {
		return " was another one"
	}
	return " was " + shown
}

// scps and rcps are the lists of the policies of AWS Organizations, a list a
// level, root first.
const scps, rcps = "ServiceControlPolicies", "ResourceControlPolicies"

// fullAccess is the policy that AWS attaches by default, FullAWSAccess or
// RCPFullAWSAccess (AWS Organizations guide,
// orgs_manage_policies_scps_create, orgs_manage_policies_rcps).
func fullAccess(place string) *source.Node {
	statement := object("Effect", str("Allow"), "Action", str("*"), "Resource", str("*"))
	if place == rcps {
		set(statement, "Principal", str("*"))
	}
	return object("Version", str("2012-10-17"), "Statement", list(statement))
}

// standsAt is where a policy of the organization stands for an account.
type standsAt struct {
	account string
	at, of  int  // the level and how many there are, from 1; 0 for the level nearest to the account
	bare    bool // the level is without FullAWSAccess
}

// mostLevels is more levels than an organization has: the root, organizational
// units five deep and the account (AWS Organizations guide,
// orgs_reference_limits).
const mostLevels = 10

const inPlace = ", in place of FullAWSAccess"

// describe says it in the policy's description, describedAt reads that.
func (s *standsAt) describe() string {
	said := "Level " + strconv.Itoa(s.at) + " of " + strconv.Itoa(s.of) + " of account " + s.account
	if s.bare {
		said += inPlace
	}
	return said
}

func describedAt(description string) (s standsAt, ok bool) {
	rest, _ := strings.CutPrefix(description, "Level ")
	at, rest, _ := strings.Cut(rest, " of ")
	of, rest, _ := strings.Cut(rest, " of account ")
	s.account, _, s.bare = strings.Cut(rest, inPlace)
	s.at, _ = strconv.Atoi(at)
	s.of, _ = strconv.Atoi(of)
	return s, 1 <= s.at && s.at <= s.of && s.of <= mostLevels && isAccount(s.account)
}

// mergeOrganization puts a policy of AWS Organizations where its description
// says, as one that was written here does; else onto the accounts that it is
// attached to, or else onto the home account.
func (m *merger) mergeOrganization(entry *source.Node, home string) {
	place := scps
	name, content := said(entry, "Name"), given(entry.Get("Content"))
	switch said(entry, "Type") {
	case "", "SERVICE_CONTROL_POLICY":
	case "RESOURCE_CONTROL_POLICY":
		place = rcps
	default:
		content = nil
	}
	if content == nil {
		m.note("the organization policy ", source.Quote(name), " is left out: a scenario has service and resource control policies only, each with its content")
		return
	}
	if s, ok := describedAt(said(entry, "Description")); ok {
		m.attached = true
		m.control(place, name, s, content)
		return
	}
	attached := false
	for _, target := range items(entry.Get("TargetIds")) {
		if account := word(target); isAccount(account) {
			attached, m.attached = true, true
			m.control(place, name, standsAt{account: account}, content)
		}
	}
	if !attached {
		m.note("what ", source.Quote(name), " is attached to isn't said with it; it is put onto account ", home)
		m.control(place, name, standsAt{account: home}, content)
	}
}

// control puts one policy of the organization onto an account.
func (m *merger) control(place, name string, s standsAt, content *source.Node) {
	m.entries = append(m.entries, named{"organization policy", name, "", s.account})
	account, path := m.account(s.account)
	levels, path := m.member(account, path, place, source.Array)
	full := fullAccess(place)
	for len(levels.Items) < max(s.of, 1) {
		level := list()
		if place == scps {
			add(level, full)
			if s.of == 0 && !same(full, content) {
				m.note("FullAWSAccess is put beside it, as AWS attaches it; take it out where your organization has")
			}
		}
		m.append(levels, path, level)
	}
	if s.at == 0 {
		s.at = len(levels.Items)
	}
	level := &levels.Items[s.at-1]
	path += "/" + strconv.Itoa(s.at-1)
	has, rest := false, list()
	for i := range level.Items {
		doc := &level.Items[i]
		if same(doc, content) {
			has = true
		} else if s.bare && same(doc, full) {
			continue
		}
		add(rest, doc)
	}
	if level.Kind != source.Array || len(rest.Items) < len(level.Items) {
		m.do("replace", path, rest)
		*level = *rest
	}
	if !has {
		m.append(level, path, content)
	}
}
