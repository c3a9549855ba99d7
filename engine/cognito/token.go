package cognito

import (
	"strconv"
	"strings"
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// claims are those of the token that Cognito signs for an identity, with the
// names and the order of real ones: who, for which pool, how they signed in.
// There is no jti.
func claims(found *identity, logins []login, tags map[string]string, at time.Time, lasts int64) scenario.Document {
	amr := []string{"unauthenticated"}
	if len(logins) > 0 {
		amr = []string{"authenticated"}
		for i := range logins {
			amr = append(amr, logins[i].name, logins[i].amr)
		}
	}
	text := `{"sub":` + quote(found.id) + `,"aud":` + quote(found.pool.IdentityPoolID) + `,"amr":[` + quoted(amr) + `],"iss":` + quote(Issuer) +
		`,"exp":` + strconv.FormatInt(at.Unix()+lasts, 10) + `,"iat":` + strconv.FormatInt(at.Unix(), 10) + `,"jti":null`
	if len(tags) > 0 {
		text += `,"https://aws.amazon.com/tags":{"principal_tags":{` + sessionTags(tags) + `}}`
	}
	return document(text + "}")
}

// sessionTags are the members of the claim that STS makes session tags of (IAM
// guide, "Pass session tags using AssumeRoleWithWebIdentity").
func sessionTags(tags map[string]string) string {
	members := keys(tags)
	for i, key := range members {
		members[i] = quote(key) + ":[" + quote(tags[key]) + "]"
	}
	return strings.Join(members, ",")
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
			continue
		}
		for key, claim := range m.PrincipalTags {
			if n := l.claims.Get(claim); n != nil {
				tags[key] = strings.Join(values(n), ",")
			}
		}
	}
	return tags
}

// document is a document of the engine's own.
func document(text string) scenario.Document {
	n, _ := source.ParseJSON(text)
	return scenario.Document{Node: n}
}

func quote(s string) string {
	return string(source.AppendJSON(nil, &source.Node{Kind: source.String, Text: s}))
}

func quoted(list []string) string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = quote(s)
	}
	return strings.Join(all, ",")
}
