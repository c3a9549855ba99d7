package idp

// AttributesOf are the full names of the attributes of a profile's responses.
// Without a profile it is that of the identity provider.
func AttributesOf(profile, entity string) []string {
	p := responseProfileOf(entity)
	for i := range responseProfiles {
		if responseProfiles[i].Name == profile {
			p = &responseProfiles[i]
		}
	}
	names := make([]string, len(p.Attributes))
	for i, a := range p.Attributes {
		names[i] = a.Name
	}
	return names
}

// AttributeName is the full name of an attribute that a mint names in short.
func AttributeName(name string) string { return fullName(name) }
