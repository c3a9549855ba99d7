package share

import (
	"cmp"
	"crypto/sha1"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/source"
)

// The account ids of AWS's own documentation, in the order in which they stand
// in for others. Where a scenario has more accounts, 100000000005 stands for
// the fifth, 100000000006 for the sixth, and so on.
var standIns = []string{"111122223333", "444455556666", "777788889999", "123456789012"}

func accountStandIn(i int) string {
	if i < len(standIns) {
		return standIns[i]
	}
	return strconv.Itoa(100_000_000_001 + i)
}

var (
	// An ARN's account (IAM guide, reference-arns); its colons may be URL-encoded.
	inARN    = regexp.MustCompile(`(?i)arn(?::|%3a)aws[a-z-]*(?::|%3a)[\w-]*(?::|%3a)[\w-]*(?::|%3a)([0-9]{12})\b`)
	digits   = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[0-9]+`)         // an escape's digits are none of a number's
	inGroups = regexp.MustCompile(`\b[0-9]{4}-[0-9]{4}-[0-9]{4}\b`) // as the console shows an account
	// What stands after the word in claims and in text.
	besideAccount = regexp.MustCompile(`(?i)\baccount[\w ]{0,12}\\*["']?\s*[:=]?\s*\\*["']?([0-9]{12}|[0-9]{4}-[0-9]{4}-[0-9]{4})\b`)

	inKeyID  = regexp.MustCompile(`\b(AKIA|ASIA)([A-Z2-7]{16})\b`)
	anEmail  = regexp.MustCompile(`[\pL\pN](?:[\pL\pN\pM._+#'-]|%2[Bb])*(?:@|%40)(?:[\pL\pN](?:[\pL\pN\pM-]*[\pL\pN\pM])?\.)+(?:xn--[A-Za-z0-9-]+|\pL[\pL\pM]+)`)
	atDomain = regexp.MustCompile(`(@|%40)((?:[\pL\pN](?:[\pL\pN\pM-]*[\pL\pN\pM])?\.)+(?:xn--[A-Za-z0-9-]+|\pL[\pL\pM]+))`)
)

// exchangeAccounts puts a stand-in for each account id, wherever it stands: in
// names, ARNs, claims, policies and XML that are text, key ids. An id is known
// by where it stands once: as an account of the world, in an ARN, in a key id,
// under a name that says account.
func (r *redaction) exchangeAccounts(n *source.Node) source.Node {
	to := map[string]string{}
	found := func(id string) {
		if len(id) == 12 && allDigits(id) && to[id] == "" {
			to[id] = accountStandIn(len(to))
			r.note(Account, place{})
		}
	}
	look := r.everywhere(func(s string) {
		for _, m := range inARN.FindAllStringSubmatch(s, -1) {
			found(m[1])
		}
		for _, m := range inKeyID.FindAllStringSubmatch(s, -1) {
			found(accountOfKey(m[2]))
		}
		for _, m := range besideAccount.FindAllStringSubmatch(s, -1) {
			found(strings.ReplaceAll(m[1], "-", ""))
		}
	})
	visit{change: func(n source.Node, p place) source.Node {
		if n.Kind == source.String || n.Kind == source.Number {
			look(n.Text)
			if strings.Contains(strings.ToLower(strings.Join(p.names[max(0, len(p.names)-2):], "/")), "account") || p.name() == "TargetId" {
				found(n.Text)
			}
		}
		for _, m := range n.Members {
			look(m.Name)
			if len(p.names) == 1 && p.name() == "accounts" {
				found(m.Name)
			}
		}
		return n
	}}.node(n, "", nil)
	if len(to) == 0 {
		return *n
	}
	qualifiers := nameQualifiers(n, to)
	return r.exchange(n, func(s string) string {
		if len(s) < 12 {
			return s
		}
		s = aQualifier.ReplaceAllStringFunc(s, func(hash string) string { return cmp.Or(qualifiers[hash], hash) })
		s = digits.ReplaceAllStringFunc(s, func(run string) string { return cmp.Or(to[run], run) })
		s = inGroups.ReplaceAllStringFunc(s, func(run string) string {
			other := to[strings.ReplaceAll(run, "-", "")]
			if other == "" {
				return run
			}
			return other[:4] + "-" + other[4:8] + "-" + other[8:]
		})
		return inKeyID.ReplaceAllStringFunc(s, func(id string) string {
			if other := to[accountOfKey(id[4:])]; other != "" {
				return id[:4] + keyOfAccount(id[4:], other)
			}
			return id
		})
	})
}

// anIssuer is who a response or metadata says that it is of.
var anIssuer = regexp.MustCompile(`entityID\s*=\s*["']([^"']+)|<(?:[\w.-]+:)?Issuer\b[^>]*>\s*([^<\s]+)`)

// aQualifier is what saml:namequalifier looks like: twenty bytes in base64.
var aQualifier = regexp.MustCompile(`[A-Za-z0-9+/]{27}=`)

// nameQualifiers are the values of saml:namequalifier that a scenario can have,
// with those for the stand-ins: a hash of issuer, account and provider (IAM
// guide, reference_policies_iam-condition-keys). Of twelve digits, a hash is no
// secret.
func nameQualifiers(n *source.Node, to map[string]string) map[string]string {
	const most = 32 // issuers and providers that are looked at
	var issuers, providers []string
	add := func(list *[]string, s string) {
		if s != "" && len(*list) < most && !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	visit{change: func(n source.Node, p place) source.Node {
		if n.Kind == source.String {
			switch p.name() {
			case "entityId", "metadataOf", "issuer":
				add(&issuers, n.Text)
			case "Name":
				add(&providers, n.Text)
			}
			for _, m := range anIssuer.FindAllStringSubmatch(n.Text, most) {
				add(&issuers, m[1]+m[2])
			}
		}
		return n
	}}.node(n, "", nil)
	qualifier := func(issuer, account, provider string) string {
		sum := sha1.Sum([]byte(issuer + account + "/" + provider))
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	others := map[string]string{}
	for _, issuer := range issuers {
		for _, provider := range providers {
			for id, other := range to {
				if len(others) < 20_000 {
					others[qualifier(issuer, id, provider)] = qualifier(issuer, other, provider)
				}
			}
		}
	}
	return others
}

// everywhere is a function for a text that is called for what base64 in it
// holds as well.
func (r *redaction) everywhere(look func(string)) func(string) {
	var at func(string, int) (string, bool)
	at = func(s string, depth int) (string, bool) {
		look(s)
		if !r.options.Signatures && len(s) >= 24 {
			r.packed.through(s, depth, at, nil, "")
		}
		return s, false
	}
	return func(s string) { at(s, 0) }
}

// exchange puts every string, name and number of a tree through a function, and
// what base64 in it holds, unless it may be signed.
func (r *redaction) exchange(n *source.Node, exchanged func(string) string) source.Node {
	var at func(string, int) (string, bool)
	at = func(s string, depth int) (string, bool) {
		out := exchanged(s)
		if !r.options.Signatures && len(s) >= 24 {
			out, _ = r.packed.through(out, depth, at, nil, "")
		}
		return out, out != s
	}
	with := func(s string) string {
		s, _ = at(s, 0)
		return s
	}
	return visit{rename: with, change: func(n source.Node, _ place) source.Node {
		if n.Kind == source.String || n.Kind == source.Number {
			n.Text = with(n.Text)
		}
		return n
	}}.node(n, "", nil)
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// The first six bytes that a key id holds in base 32 have a set bit at their
// front and the account's number in the forty bits after it.
const numberMask, numberShift = uint64(0x7fffffffff80) << 16, 23

func accountOfKey(id string) string {
	octets, err := base32.StdEncoding.DecodeString(id)
	if err != nil || len(octets) < 10 {
		return ""
	}
	number := strconv.FormatUint(binary.BigEndian.Uint64(octets)&numberMask>>numberShift, 10)
	if len(number) > 12 {
		return ""
	}
	return strings.Repeat("0", 12-len(number)) + number
}

func keyOfAccount(id, account string) string {
	octets, _ := base32.StdEncoding.DecodeString(id) // it could be read
	number, _ := strconv.ParseUint(account, 10, 64)
	head := binary.BigEndian.Uint64(octets)&^numberMask | number<<numberShift
	binary.BigEndian.PutUint64(octets, head)
	return base32.StdEncoding.EncodeToString(octets)
}

// domains are the names that RFC 2606 §3 keeps for examples. They are nobody's.
var domains = []string{"example.com", "example.org", "example.net"}

// own is the address that tokens and responses are minted for where the
// scenario names no other. It stays, because a scenario may rely on it.
const own = "dana@example.com"

// exchangePeople puts a stand-in for each e-mail address: person1@example.com
// and on. Addresses that differ in letter case only become ones that do, and
// those of one domain stay in one, which no other has, so that patterns such as
// *@example.com go on matching what they matched.
func (r *redaction) exchangePeople(n *source.Node) source.Node {
	everything := strings.ToLower(n.JSON(""))
	if strings.Contains(everything, `"mint"`) {
		everything += own
	}
	people := newStandIns(func(i int) string { return "person" + strconv.Itoa(i+1) }, everything)
	hosts := newStandIns(func(i int) string {
		if i < len(domains) {
			return domains[i]
		}
		return "d" + strconv.Itoa(i+1) + ".example.com"
	}, everything)
	look := r.everywhere(func(s string) {
		for _, address := range anEmail.FindAllString(s, -1) {
			local, _, domain := parted(address)
			if isStandIn(local, domain) {
				continue
			}
			if !slices.Contains(domains, strings.ToLower(domain)) {
				hosts.meet(domain, domain)
			}
			if people.meet(local+"@"+domain, local) {
				r.note(Person, place{})
			}
		}
	})
	visit{change: func(n source.Node, p place) source.Node {
		if n.Kind == source.String {
			look(n.Text)
		}
		for _, m := range n.Members {
			look(m.Name)
		}
		return n
	}}.node(n, "", nil)
	if len(people.words) == 0 {
		return *n
	}
	return r.exchange(n, func(s string) string {
		if !strings.Contains(s, "@") && !strings.Contains(s, "%40") {
			return s
		}
		s = anEmail.ReplaceAllStringFunc(s, func(address string) string {
			local, at, domain := parted(address)
			return people.standIn(local+"@"+domain, local) + at + domain
		})
		return atDomain.ReplaceAllStringFunc(s, func(domain string) string {
			m := atDomain.FindStringSubmatch(domain)
			return m[1] + hosts.standIn(m[2], m[2])
		})
	})
}

var aPerson = regexp.MustCompile(`^(?i)person[0-9]+$`)

// isStandIn says whether an address is nobody's already.
func isStandIn(local, domain string) bool {
	domain = strings.ToLower(domain)
	return local+"@"+domain == own || aPerson.MatchString(local) && (slices.Contains(domains, domain) || strings.HasSuffix(domain, ".example.com"))
}

// parted is an address in its parts; the @ may be URL-encoded.
func parted(address string) (local, at, domain string) {
	at = "@"
	if !strings.Contains(address, at) {
		at = "%40"
	}
	i := strings.LastIndex(address, at)
	return address[:i], at, address[i+len(at):]
}

// standInsFor names that are compared with or without regard to letter case:
// each name has a word, whatever its case, and each way to write it another
// number of capitals.
type standInsFor struct {
	word    func(i int) string
	taken   string              // the text in which a word mustn't stand yet, in lower case
	next    int                 // number of the next word
	words   map[string]string   // by the name in lower case
	written map[string][]string // ways in which the name was met
}

func newStandIns(word func(int) string, taken string) *standInsFor {
	return &standInsFor{word: word, taken: taken, words: map[string]string{}, written: map[string][]string{}}
}

// meet makes a name known, in the way it is written; it says whether the name
// was unknown.
func (s *standInsFor) meet(name, written string) (first bool) {
	name = strings.ToLower(name)
	if s.words[name] == "" {
		first = true
		word := s.word(s.next)
		for s.next++; strings.Contains(s.taken, word); s.next++ {
			word = s.word(s.next)
		}
		s.words[name] = word
		s.written[name] = []string{strings.ToLower(written)} // without any capital
	}
	if !slices.Contains(s.written[name], written) {
		s.written[name] = append(s.written[name], written)
	}
	return first
}

// standIn is what stands for a name; the name itself where it wasn't met.
func (s *standInsFor) standIn(name, written string) string {
	name = strings.ToLower(name)
	word := s.words[name]
	if word == "" {
		return written
	}
	capitals := min(max(slices.Index(s.written[name], written), 0), len(word))
	return strings.ToUpper(word[:capitals]) + word[capitals:]
}
