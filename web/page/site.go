package page

import "strconv"

// Site is where a page stands among the others of its site.
type Site struct {
	Assets  Assets
	Home    string // the front page's address as seen from this page: /, or ../ and the like in an export
	Served  bool   // there is a server behind it, with the pages that need one
	Version string // of the program, for the foot of the page; empty for none
}

// Meta is what a page says of itself to whoever shows a link to it: search
// engines, and chats that draw a preview.
type Meta struct {
	Title       string // of the page, without the site's name
	Description string // one or two sentences; empty stands for the site's own
	Address     string // absolute; empty where it isn't known
	Image       string // absolute address of its picture, a PNG of PreviewWidth by PreviewHeight; empty for none
	ImageAlt    string // the picture in words
	OEmbed      string // absolute address of what it is embedded by; empty for none
	Unlisted    bool   // search engines leave it out
}

// The size of the pictures of link previews, in pixels: what those who show
// them ask for.
const (
	PreviewWidth  = 1200
	PreviewHeight = 630
)

const siteName = "STS Playground"

const siteDescription = "What AWS STS does with an OIDC token, a SAML response or any other call: each check, which one fails and why, the exact error, and what the session may do. In your browser; nothing you paste leaves it."

// documentTitle is the page's title as a browser's tab has it.
func (m Meta) documentTitle() string {
	switch m.Title {
	case "":
		return siteName
	case siteName:
		return m.Title
	}
	return m.Title + " - " + siteName
}

// shownTitle is the title of a preview, which names the site by itself.
func (m Meta) shownTitle() string {
	if m.Title == "" {
		return siteName
	}
	return m.Title
}

func (m Meta) description() string {
	if m.Description == "" {
		return siteDescription
	}
	return m.Description
}

// card is how large X shows a preview.
func (m Meta) card() string {
	if m.Image == "" {
		return "summary"
	}
	return "summary_large_image"
}

// To is the address of a page of the site, by its path without a first slash.
func (s Site) To(path string) string { return s.Home + path }

// style is what the site's pages load: they have no program but that of the
// theme.
func (s Site) style() Assets {
	return Assets{Style: s.Assets.Style, Theme: s.Assets.Theme, Policy: s.Assets.Policy}
}

// Example is the address of an example: of its page where there is a server,
// else of the playground with it. An export has no such pages: together they
// would be larger than all the rest.
func (s Site) Example(slug string) string {
	if s.Served {
		return s.To("examples/" + slug)
	}
	return s.To("?scenario=" + slug)
}

// siteEntry is a page as the site's navigation lists it.
type siteEntry struct{ Path, Name string }

// headLinks lead to what there is to look at and to read.
func (s Site) headLinks() []siteEntry {
	links := []siteEntry{{"gallery", "Gallery"}, {"lessons", "Lessons"}}
	if s.Served {
		links = append(links, siteEntry{"workshops", "Workshops"})
	}
	for _, r := range Readings {
		if r.Name != "modelled" { // it stands at the foot
			links = append(links, siteEntry{r.Name, r.Title})
		}
	}
	return links
}

// footLinks lead to what is said about the site itself.
func (s Site) footLinks() []siteEntry {
	links := []siteEntry{{"modelled", "What is modelled"}}
	if s.Served {
		links = append(links, siteEntry{"embeds", "Embeds"}, siteEntry{"privacy", "Privacy"})
	}
	return links
}

// counted is a number and its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
