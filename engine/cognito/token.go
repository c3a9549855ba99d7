package cognito

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// claims are those of the token that Cognito signs for an identity, with the
// names and the order of real ones: who, for which pool, how they signed in.
func claims(found *identity, logins []login, tags map[string]string, at time.Time, lasts time.Duration) scenario.Document {
	amr := []string{"unauthenticated"}
	if len(logins) > 0 {
		amr = []string{"authenticated"}
		for i := range logins {
			amr = append(amr, logins[i].name, logins[i].amr)
		}
	}
	n := source.Node{Kind: source.Object}
	add := func(name string, value source.Node) {
		n.Members = append(n.Members, source.Member{Name: name, Value: value})
	}
	add("sub", text(found.id))
	add("aud", text(found.pool.IdentityPoolID))
	add("amr", list(amr))
	add("iss", text(Issuer))
	add("exp", number(at.Add(lasts)))
	add("iat", number(at))
	add("jti", source.Node{Kind: source.Null}) // there is none
	if len(tags) > 0 {
		add("https://aws.amazon.com/tags", sessionTags(tags))
	}
	return scenario.Document{Node: n}
}

// sessionTags is the claim that STS makes session tags of (IAM guide, "Pass
// session tags using AssumeRoleWithWebIdentity").
func sessionTags(tags map[string]string) source.Node {
	principal := source.Node{Kind: source.Object}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		principal.Members = append(principal.Members, source.Member{Name: key, Value: list([]string{tags[key]})})
	}
	return source.Node{Kind: source.Object, Members: []source.Member{{Name: "principal_tags", Value: principal}}}
}

// principalTags are the tags that the pool makes of the first login's claims;
// by default of its aud and sub.
func (p *pool) principalTags(logins []login) map[string]string {
	if len(logins) == 0 || logins[0].claims == nil || logins[0].ours {
		return nil
	}
	l := &logins[0]
	tags := map[string]string{}
	for i := range p.PrincipalTagAttributeMaps {
		m := &p.PrincipalTagAttributeMaps[i]
		if m.IdentityProviderName != l.name && !strings.HasSuffix(m.IdentityProviderName, ":oidc-provider/"+l.name) {
			continue
		}
		if m.UseDefaults {
			tags["client"], tags["username"] = l.aud, l.user
		}
		for key, claim := range m.PrincipalTags {
			if n := l.claims.Get(claim); n != nil && !m.UseDefaults {
				tags[key] = strings.Join(values(n), ",")
			}
		}
	}
	return tags
}

func text(s string) source.Node { return source.Node{Kind: source.String, Text: s} }

func number(t time.Time) source.Node {
	return source.Node{Kind: source.Number, Text: strconv.FormatInt(t.Unix(), 10)}
}

func list(values []string) source.Node {
	n := source.Node{Kind: source.Array}
	for _, v := range values {
		n.Items = append(n.Items, text(v))
	}
	return n
}
