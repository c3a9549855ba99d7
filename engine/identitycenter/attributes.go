package identitycenter

import (
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// tag is a session tag that an attribute for access control makes.
type tag struct{ key, value string }

// tagsOf are the user's session tags: of each attribute for access control the
// first source that has a value. An attribute that the user doesn't have makes
// no tag.
func (c *Center) tagsOf(u *scenario.PortalUser) (tags []tag) {
	for _, a := range c.config.AccessControlAttributes {
		for _, from := range a.Value.Source {
			if value := attribute(u, from); value != "" {
				tags = append(tags, tag{a.Key, value})
				break
			}
		}
	}
	return tags
}

// attribute is what ${path:…} names of the user; text without it is a value of
// its own.
func attribute(u *scenario.PortalUser, from string) string {
	path, ok := strings.CutPrefix(from, "${path:")
	if !ok {
		return from
	}
	path = strings.TrimSuffix(path, "}")
	switch {
	case strings.EqualFold(path, "userName"):
		return u.UserName
	case strings.EqualFold(path, "displayName"):
		return u.DisplayName
	case strings.HasPrefix(path, "emails["):
		return email(u)
	}
	n := u.Attributes.Tree()
	if whole := n.Get(path); whole != nil {
		return scalar(whole)
	}
	for _, name := range strings.Split(path, ".") {
		n = n.Get(name)
	}
	return scalar(n)
}

// email is the user's primary address, else the first.
func email(u *scenario.PortalUser) string {
	for _, e := range u.Emails {
		if e.Primary {
			return e.Value
		}
	}
	if len(u.Emails) > 0 {
		return u.Emails[0].Value
	}
	return ""
}

// scalar is a value's text. "IAM Identity Center doesn't support multi-value
// attributes for ABAC" (its guide, "Select your attributes for access control").
func scalar(n *source.Node) string {
	if n == nil || n.Kind == source.Array || n.Kind == source.Object || n.Kind == source.Null {
		return ""
	}
	return n.Text
}
