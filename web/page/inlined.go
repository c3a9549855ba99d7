package page

import (
	"encoding/base64"

	"github.com/a-h/templ"
)

// Inlined is what a page has in itself in place of the files that others load.
// The paths of its Assets are then the ids of its data, with # before them.
type Inlined struct {
	Style  string
	Script string // an ES module
	Data   []Data
	Pages  []Document
}

// Data is a file: gzip, as base64.
type Data struct{ ID, Text string }

// Add puts a file in, compressed with gzip, and gives its path.
func (in *Inlined) Add(id string, gzip []byte) string {
	in.Data = append(in.Data, Data{ID: id, Text: base64.StdEncoding.EncodeToString(gzip)})
	return "#" + id
}

// Document is a page to read, which the page in one file has in a template;
// a link to Path shows it.
type Document struct {
	Path string
	Body templ.Component
}

// FromDisk leads from a page that was opened from a disk, where browsers load
// no modules, to the page in one file beside it. A Content-Security-Policy
// names it by its hash.
const FromDisk = `if (location.protocol === "file:") location.replace("offline.html" + location.search + location.hash);`

// freshAddress is where an empty page is found from the front page.
func freshAddress(a Assets) string {
	if a.Inlined != nil {
		return "?new"
	}
	return "new"
}

// served says whether the page comes from a server, which then has pages that
// need one.
func served(a Assets) bool { return a.Inlined == nil && a.Policy == "" }
