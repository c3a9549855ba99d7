package exchange

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// File is one text to be saved, with the name to save it under.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Formats are the formats that Export writes.
var Formats = []string{"cli", "cloudformation", "terraform"}

// Export writes the world of a scenario document in a format, a file for each
// account, and one for the policies of the organization, which only its
// management account can make. An unknown format, and a world without
// accounts, give none.
func Export(world *source.Node, format string) []File {
	var write func(*outlet) string
	var extension string
	var d dialect
	switch format {
	case "cli":
		write, extension, d = script, ".sh", commands
	case "cloudformation":
		write, extension, d = stack, ".yaml", cloudFormation
	case "terraform":
		write, extension, d = module, ".tf", terraform
	default:
		return nil
	}
	var files []File
	organization := newOutlet(d)
	accounts := members(world.Get("accounts"))
	for i := range accounts {
		m := &accounts[i]
		if !isAccount(m.Name) {
			continue
		}
		o := newOutlet(d)
		o.account, o.what = m.Name, "account "+m.Name
		if org := given(world.Get("organization")); org != nil {
			o.leave("the organization that it belongs to, ", source.Quote(org.JSON("")))
		}
		o.collect(&m.Value)
		o.arrange()
		files = append(files, File{"account-" + m.Name + extension, write(o)})
		organization.collectOrganization(m.Name, &m.Value)
	}
	if len(organization.all) > 0 {
		organization.what = "the organization's management account"
		if id := said(world.Get("organization"), "managementAccount"); isAccount(id) {
			organization.account = id
			organization.what += ", " + id
		}
		files = append(files, File{"organization" + extension, write(organization)})
	}
	return files
}

// outlet is the world of one account on its way out.
type outlet struct {
	in      dialect
	account string // "" where it isn't known
	what    string // for the heading
	all     []thing
	left    []string       // what the file can't say; one line each
	kept    *source.Node   // what is there already, as far as the file doesn't set it, in the shape of a scenario's account
	names   map[string]int // the labels taken, in small letters, and which number is next where one is made again
	made    map[string]int // where in all an entry of an account's list is, by the list's and its own name
}

func newOutlet(d dialect) *outlet {
	return &outlet{in: d, kept: object(), names: map[string]int{}, made: map[string]int{}}
}

// thing is one thing to create.
type thing struct {
	kind  *kind
	entry *source.Node
	label string // unique in the file, letters and digits
	after []int  // of outlet.all: what has to be there before it; those before it only
	arn   string // "" for a part of something
	skip  bool   // it isn't written by itself
}

func (t *thing) name() string { return said(t.entry, t.kind.fields[0].name) }

// leave keeps a line for the heading, about something that the file doesn't have.
func (o *outlet) leave(parts ...string) { o.left = append(o.left, strings.Join(parts, "")) }

// add takes up a thing that can be created.
func (o *outlet) add(k *kind, entry *source.Node) {
	entry = &source.Node{Kind: source.Object, Members: slices.Clone(entry.Members)}
	t := thing{kind: k, entry: entry}
	for i := range k.fields {
		if f := &k.fields[i]; f.form == document {
			doc := policy(entry.Get(f.name))
			if !isPolicy(doc) {
				o.leave(k.word, " ", source.Quote(t.name()), " is left out: its ", f.name, " is no JSON object with each name once")
				return
			}
			set(entry, f.name, doc)
		}
	}
	switch most := strconv.Itoa(mostEntries); {
	case len(o.all) > mostEntries:
		return
	case len(o.all) == mostEntries:
		o.leave("everything after the first ", most, " things")
	}
	label := k.word + " " + t.name()
	if k.part != "" {
		label += " " + said(entry, k.fields[1].name)
	} else {
		t.arn = arnOf(k, o.account, entry)
		o.made[k.place+" "+t.name()] = len(o.all)
	}
	t.label = o.unique(label)
	o.all = append(o.all, t)
}

// unique makes a label of a text: its letters and digits in words that begin
// with a capital, and a number where that is taken.
func (o *outlet) unique(text string) string {
	label, start := "", true
	for _, c := range text {
		switch {
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			label, start = label+string(c), false
		case c >= 'a' && c <= 'z':
			if start {
				c -= 'a' - 'A'
			}
			label, start = label+string(c), false
		default:
			start = true
		}
		if len(label) > 60 {
			break
		}
	}
	folded := strings.ToLower(label)
	for n := o.names[folded]; ; n++ {
		unique := label
		if n > 0 {
			unique += "N" + strconv.Itoa(n+1)
		}
		if _, taken := o.names[strings.ToLower(unique)]; !taken {
			o.names[strings.ToLower(unique)] = 1
			o.names[folded] = n + 1
			return unique
		}
	}
}

// collect takes up all that an account has.
func (o *outlet) collect(account *source.Node) {
	all := kinds()
	for i := range all {
		k := &all[i]
		entries := account.Get(k.place)
		if !is(entries, source.Array) || k.only || k.part == "" && k.in[o.in] == "" {
			continue
		}
		for _, entry := range items(entries) {
			switch name := said(entry, k.fields[0].name); {
			case name == "":
			case k.part != "":
				o.parts(k, name, entry)
			case !slices.Contains(standing, k.place):
				o.holder(k, name, entry)
			case (k.place != "Resources" || resourceKind(name) == k) && given(entry.Get(k.fields[1].name)) != nil:
				o.add(k, entry)
			}
		}
	}
	for _, place := range standing {
		o.keep(partOf(place, ""), account)
	}
	if regions := account.Get("disabledRegions"); len(items(regions)) > 0 {
		o.leave("STS is switched off in ", source.Quote(regions.JSON("")), "; the IAM console's account settings do that")
	}
}

// keep takes up what is there already, as far as nothing sets it.
func (o *outlet) keep(k *kind, account *source.Node) {
	all := list()
	for _, entry := range items(account.Get(k.place)) {
		entry = k.read(api, entry, o.account)
		name := said(entry, k.fields[0].name)
		_, made := o.made[k.place+" "+name]
		kept := object()
		for i := range k.fields {
			f := &k.fields[i]
			n := entry.Get(f.name)
			switch {
			case n == nil || isEmpty(n) || f.form == document && made:
				continue
			case f.form == tags:
				o.leave("the tags of ", source.Quote(name), ", to be set where it is made")
			case f.form == document:
				o.leave("the policy of ", source.Quote(name), ", to be set where it is made")
				if n.Kind != source.String && !isPolicy(n) {
					n = str(n.JSON(""))
				}
			}
			set(kept, f.name, n)
		}
		if name != "" && (!made || len(kept.Members) > 1) && len(all.Items) < mostEntries {
			add(all, kept)
		}
	}
	if len(all.Items) > 0 {
		set(o.kept, k.place, all)
	}
}

// resourceKind is the kind whose policy is set for a resource that exists.
func resourceKind(arn string) *kind {
	switch {
	case strings.HasPrefix(arn, "arn:aws:s3:::") && !strings.Contains(arn, "/"):
		return kindOf(terraform, "aws_s3_bucket_policy")
	case strings.Contains(arn, ":kms:") && strings.Contains(arn, ":key/"):
		return kindOf(terraform, "aws_kms_key_policy")
	case strings.HasPrefix(arn, "arn:aws:sns:"):
		return kindOf(terraform, "aws_sns_topic_policy")
	case strings.HasPrefix(arn, "arn:aws:secretsmanager:"):
		return kindOf(terraform, "aws_secretsmanager_secret_policy")
	}
	return nil
}

// holder takes up an entry of an account's list.
func (o *outlet) holder(k *kind, name string, entry *source.Node) {
	quoted := source.Quote(name)
	if limit := given(entry.Get("PermissionsBoundary")); limit != nil {
		entry = &source.Node{Kind: source.Object, Members: slices.Clone(entry.Members)}
		set(entry, "PermissionsBoundary", o.boundary(name, limit))
	}
	if entry.Get("metadataOf") != nil {
		o.leave("SAML provider ", quoted, " trusts playground keys, which anybody has; it takes your identity provider's own metadata document")
	}
	if entry.Get("privateKeys") != nil {
		o.leave("the private key of SAML provider ", quoted, " isn't written out")
	}
	if len(items(entry.Get("MFADevices"))) > 0 {
		o.leave("the MFA devices of user ", quoted, ": they are registered by the person who holds them")
	}
	o.add(k, entry)
}

// boundary is a permissions boundary as AWS has it, which is an ARN: a policy
// written in its place becomes a managed policy.
func (o *outlet) boundary(holder string, limit *source.Node) *source.Node {
	if arn := first(limit, "PolicyArn", "PermissionsBoundaryArn"); arn != nil {
		return arn
	}
	policies := partOf("Policies", "")
	name := holder + "-boundary"
	for n := 2; ; n++ {
		if _, taken := o.made["Policies "+name]; !taken {
			break
		}
		name = holder + "-boundary-" + strconv.Itoa(n)
	}
	entry := object("PolicyName", str(name), "PolicyDocument", policy(limit))
	o.add(policies, entry)
	return str(arnOf(policies, o.account, entry))
}

// parts takes up what stands inside an entry.
func (o *outlet) parts(k *kind, holder string, entry *source.Node) {
	if _, ok := o.made[k.place+" "+holder]; !ok {
		return
	}
	for _, item := range items(entry.Get(k.part)) {
		part := object(k.fields[0].name, str(holder))
		if k.part == "Groups" {
			set(part, "Groups", item)
		}
		part.Members = append(part.Members, item.Members...)
		if said(part, k.fields[1].name) != "" {
			o.add(k, part)
		}
	}
}

// collectOrganization takes up the account's policies of AWS Organizations,
// but for what AWS attaches by itself.
func (o *outlet) collectOrganization(account string, of *source.Node) {
	o.levels(account, scps, of, "SERVICE_CONTROL_POLICY", "scp")
	o.levels(account, rcps, of, "RESOURCE_CONTROL_POLICY", "rcp")
}

// levels takes up the policies of one type, root first. The description of
// each says where it stands, for Import too.
func (o *outlet) levels(account, place string, of *source.Node, kind, short string) {
	full := fullAccess(place)
	levels := items(of.Get(place))
	for i, level := range levels {
		n := strconv.Itoa(i + 1)
		docs := items(level)
		attached := place == rcps || slices.ContainsFunc(docs, func(doc *source.Node) bool { return same(doc, full) })
		at := standsAt{account, i + 1, len(levels), !attached}
		for j, doc := range docs {
			if same(doc, full) {
				continue
			}
			name := short + "-" + account + "-level-" + n + "-" + strconv.Itoa(j+1)
			entry := object("Name", str(name), "Type", str(kind), "Description", str(at.describe()), "Content", doc)
			if i == len(levels)-1 {
				set(entry, "TargetIds", list(str(account)))
			} else {
				o.leave(name, " is attached to the root or organizational unit that is level ", n, " above account ", account)
			}
			o.add(partOf("Organization", ""), entry)
		}
		switch {
		case attached:
		case len(docs) == 0: // no description can say it; AWS wants one policy at least
			o.leave("level ", n, " of account ", account, " has no policies at all, and is read in again with FullAWSAccess")
		default:
			o.leave("level ", n, " of account ", account, " has no FullAWSAccess: detach it there")
		}
	}
}

// arrange finds what each thing needs before it, and puts the things in an
// order that has that. Two that name each other can't both come last; one of
// them is then made without the other.
func (o *outlet) arrange() {
	byARN := map[string]int{}
	for i := range o.all {
		if arn := o.all[i].arn; arn != "" {
			byARN[arn] = i
		}
	}
	a := arrangement{outlet: o, byARN: byARN, place: make([]int, len(o.all))}
	for i := range o.all {
		a.visit(i)
	}
	o.all = a.done
}

// arrangement is a depth-first walk over what things need.
type arrangement struct {
	*outlet
	byARN map[string]int
	place []int // 0: not seen, -1: being visited, else the place in done, from 1
	done  []thing
}

func (a *arrangement) visit(i int) {
	if a.place[i] != 0 {
		return
	}
	a.place[i] = -1
	t := a.all[i]
	need := func(other int, ok bool) {
		if !ok || other == i {
			return
		}
		a.visit(other)
		if at := a.place[other] - 1; at >= 0 && !slices.Contains(t.after, at) {
			t.after = append(t.after, at)
		}
	}
	if t.kind.part != "" {
		holder, ok := a.made[t.kind.place+" "+t.name()]
		need(holder, ok)
	}
	for _, group := range items(t.entry.Get("Groups")) {
		at, ok := a.made["Groups "+word(group)]
		need(at, ok)
	}
	eachString(t.entry, func(s string) {
		at, ok := a.byARN[s]
		need(at, ok)
	})
	a.done = append(a.done, t)
	a.place[i] = len(a.done)
}

// eachString calls with every string below n.
func eachString(n *source.Node, call func(string)) {
	if n.Kind == source.String {
		call(n.Text)
		return
	}
	for i := range n.Items {
		eachString(&n.Items[i], call)
	}
	for i := range n.Members {
		eachString(&n.Members[i].Value, call)
	}
}

// write is the value of a field as a dialect has it; nil where the entry or
// the dialect doesn't.
func (f *field) write(d dialect, k *kind, entry *source.Node) *source.Node {
	n := given(entry.Get(f.name))
	if n == nil || f.in[d] == "" || isEmpty(n) {
		return nil
	}
	switch f.form {
	case resource:
		return texted(strings.TrimPrefix(word(n), k.prefix))
	case boundary:
		return texted(word(n))
	case texts:
		if d == commands && f.name == "Groups" {
			return n // one command each
		}
	}
	n = f.read(n, k, "")
	switch {
	case f.form == tags && d == terraform:
		all := object()
		for _, tag := range items(n) {
			set(all, said(tag, "Key"), tag.Get("Value"))
		}
		return all
	case f.form == inline:
		for _, item := range items(n) {
			if !isPolicy(item.Get("PolicyDocument")) {
				return nil
			}
		}
	case f.form == attached:
		all := list()
		for _, item := range items(n) {
			add(all, item.Get("PolicyArn"))
		}
		return all
	}
	return n
}

// heading is what a file says of itself first.
func (o *outlet) heading(what string) []string {
	lines := []string{what + " for " + o.what + ", written by STS Playground."}
	counts, words := map[string]int{}, []string(nil)
	for i := range o.all {
		if k := o.all[i].kind; k.part == "" && !o.all[i].skip {
			if counts[k.word] == 0 {
				words = append(words, k.word)
			}
			counts[k.word]++
		}
	}
	for i, w := range words {
		words[i] = plural(counts[w], w)
	}
	if len(words) > 0 {
		lines = append(lines, "Makes: "+strings.Join(words, ", ")+".")
	} else {
		lines = append(lines, "There is nothing to make.")
	}
	for _, line := range o.left {
		lines = append(lines, "Not in here: "+line+".")
	}
	return lines
}

// comment writes lines as comments, of which none ends early.
func comment(b *strings.Builder, lines []string) {
	for _, line := range lines {
		b.WriteString("# " + strings.Map(visible, line) + "\n")
	}
}

// visible is a character that ends no line, in whatever language.
func visible(c rune) rune {
	if hidden(c) {
		return ' '
	}
	return c
}

// hidden says whether a character is a control or ends a line, also in YAML
// 1.1 (§4.1, §4.2).
func hidden(c rune) bool {
	return c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff
}
