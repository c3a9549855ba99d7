package source

// ParseYAML reads one YAML document that fills text.
func ParseYAML(text string) (Node, *Error) { return ParseJSON(text) }
