package rolesanywhere

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stsplayground/engine/scenario"
)

// defaultMappings are those of a profile that has none of its own (IAM Roles
// Anywhere User Guide, certificate attribute mapping).
var defaultMappings = []scenario.AttributeMapping{
	{CertificateField: "x509Issuer", MappingRules: []scenario.AttributeRule{{Specifier: "*"}}},
	{CertificateField: "x509SAN", MappingRules: []scenario.AttributeRule{{Specifier: "DNS"}, {Specifier: "URI"}, {Specifier: "Name/*"}}},
	{CertificateField: "x509Subject", MappingRules: []scenario.AttributeRule{{Specifier: "*"}}},
}

// mapped is what a profile's mappings make of a certificate.
type mapped struct {
	tags    []scenario.Tag
	ignored []string            // tags whose value a session tag can't have
	missing map[string][]string // by field, specifiers that are named and not there
}

// tagsOf maps a certificate's attributes to session tags.
func tagsOf(c *certificate, mappings []scenario.AttributeMapping) mapped {
	byDefault := len(mappings) == 0
	if byDefault {
		mappings = defaultMappings
	}
	m, seen := mapped{missing: map[string][]string{}}, map[[2]string]bool{}
	for _, mapping := range mappings {
		field := mapping.CertificateField
		for _, rule := range mapping.MappingRules {
			if at := [2]string{field, rule.Specifier}; seen[at] {
				continue // said again
			} else {
				seen[at] = true
			}
			before := len(m.tags)
			switch field {
			case "x509Subject":
				m.addName(field, c.subject, rule.Specifier)
			case "x509Issuer":
				m.addName(field, c.issuer, rule.Specifier)
			case "x509SAN":
				m.addAlternative(c, rule.Specifier)
			}
			if len(m.tags) == before && !byDefault && !strings.HasSuffix(rule.Specifier, "*") {
				m.missing[field] = append(m.missing[field], rule.Specifier)
			}
		}
	}
	return m
}

// addName adds the parts of a name that a specifier stands for.
func (m *mapped) addName(prefix string, n name, specifier string) {
	if specifier != "*" {
		m.add(prefix+"/"+specifier, n.value(specifier))
		return
	}
	for i, p := range n {
		if !slices.ContainsFunc(n[:i], func(other part) bool { return other.kind == p.kind }) {
			m.add(prefix+"/"+p.kind, n.value(p.kind))
		}
	}
}

// addAlternative adds an alternative name: DNS, URI and Name stand for the
// first of their type, DNS/2 for the second. That a number counts so is
// inferred from a real error, whose text has DNS/2.
func (m *mapped) addAlternative(c *certificate, specifier string) {
	kind, rest, _ := strings.Cut(specifier, "/")
	switch kind {
	case "DNS", "URI":
		all := map[string][]string{"DNS": c.dns, "URI": c.uri}[kind]
		at := 1
		if rest != "" {
			at, _ = strconv.Atoi(rest)
		}
		if 0 < at && at <= len(all) {
			m.add("x509SAN/"+specifier, all[at-1])
		}
	case "Name":
		if rest == "" { // "Both Name and Name/ are equivalent to Name/*"
			rest = "*"
		}
		if len(c.dirNames) > 0 {
			m.addName("x509SAN/Name", c.dirNames[0], rest)
		}
	}
}

// add adds a tag: "The service ignores values that do not match" the pattern
// of session tags.
func (m *mapped) add(key, value string) {
	switch {
	case value == "":
	case utf8.RuneCountInString(value) > 256 || strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.Z, r) && !unicode.Is(unicode.N, r) && !strings.ContainsRune("_.:/=+-@", r)
	}):
		m.ignored = append(m.ignored, key)
	default:
		m.tags = append(m.tags, scenario.Tag{Key: key, Value: value})
	}
}

// sourceIdentity is that of a session (IAM Roles Anywhere User Guide, source
// identity rules).
func sourceIdentity(c *certificate) string {
	switch cn := c.subject.value("CN"); {
	case cn == "":
		serial := c.serial
		if len(serial)%2 == 1 {
			serial = "0" + serial
		}
		return "ID=" + serial
	case utf8.RuneCountInString(cn) <= 61:
		return "CN=" + cn
	default:
		return cn
	}
}
