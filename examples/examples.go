// Package examples holds scenarios, one subject or one system each, named for
// what they show. The site offers them, the tests run them, the documentation
// embeds them.
//
// An example is a scenario as YAML. Its first line is a comment that names
// the heading it stands under in the gallery: "# Group: GitHub Actions". A
// lesson is one with a task, in the folder of its course below lessons.
package examples

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"stsplayground/engine/source"
)

//go:embed *.yaml
var files embed.FS

// Schema is the JSON Schema of a scenario, which "make schema" makes.
//
//go:embed scenario.schema.json
var Schema string

// Example is one scenario of the gallery.
type Example struct {
	Slug    string   // the file's name without .yaml
	Title   string   // of the scenario
	Group   string   // heading in the gallery
	Summary string   // of the scenario; Markdown
	Covers  []string // rows of the feature list that it shows
	JSON    string   // the scenario as JSON
	Source  string   // the file as it is written
}

// groups are the headings of the gallery, in its order: what people come
// with first, then what AWS answers them, then what there is to learn.
var groups = []string{
	"Start here",
	"GitHub Actions",
	"Other CI systems",
	"People and their identity providers",
	"Pods and service accounts",
	"A provider of your own",
	"No provider found, or the wrong audience",
	"The provider's keys can't be had",
	"The token is refused",
	"AccessDenied, cause by cause",
	"The request is refused",
	"Registration",
	"Session tags and source identity",
	"Conditions",
	"Locks, and what each one stops",
	"Providers built into AWS",
	"Pods of EKS",
	"EC2 instances and AWS services",
	"IAM Roles Anywhere",
	"Amazon Cognito",
	"SAML sign-in",
	"The SAML response is refused",
	"SAML attributes and session tags",
	"Locks of SAML, and what each one stops",
	"Signing in to the console",
	"IAM Identity Center",
	"One role, many teams",
	"What an identity may do",
	"Resource policies, and two accounts",
	"The organization and the network",
	"Keys of the session and of the request",
	"The language of permissions",
	"AssumeRole, chains and temporary credentials",
	"The operations of STS",
}

// first opens the gallery, and the page.
const first = "github-actions-deploys-from-main"

// All is every example, by group and within a group by name, after the first
// one. An unreadable file or an unknown group is a mistake in the program
// itself, and panics.
func All() []Example {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	var all []Example
	for _, entry := range entries {
		text, err := files.ReadFile(entry.Name())
		if err != nil {
			panic(err)
		}
		all = append(all, read(entry.Name(), string(text)))
	}
	slices.SortFunc(all, func(a, b Example) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Slug, b.Slug)) })
	return all
}

// rank is the place of an example's group, before all of them for the first
// example.
func rank(e Example) int {
	if e.Slug == first {
		return -1
	}
	place := slices.Index(groups, e.Group)
	if place < 0 {
		panic(fmt.Sprintf("examples: %s: there is no group %q", e.Slug, e.Group))
	}
	return place
}

// read reads an example of the gallery, which its first line puts under a heading.
func read(name, text string) Example {
	e, _, wrong := parse(name, text)
	if wrong != nil {
		panic(fmt.Sprintf("examples: %s:%d:%d: %s", name, wrong.Line, wrong.Column, wrong.Reason))
	}
	heading, _, _ := strings.Cut(text, "\n")
	e.Group = strings.TrimSpace(strings.TrimPrefix(heading, "# Group:"))
	return e
}

// parse reads a file as far as it says what it is, whether YAML or JSON.
func parse(name, text string) (e Example, node source.Node, wrong *source.Error) {
	language := source.ParseYAML
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		language = source.ParseJSON
	}
	if node, wrong = language(text); wrong != nil {
		return e, node, wrong
	}
	return Example{
		Slug:    strings.TrimSuffix(name, path.Ext(name)),
		Title:   textOf(node.Get("title")),
		Summary: textOf(node.Get("summary")),
		Covers:  textsOf(node.Get("covers")),
		JSON:    string(source.AppendJSON(nil, &node)),
		Source:  text,
	}, node, nil
}

func textOf(n *source.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func textsOf(n *source.Node) (texts []string) {
	if n == nil {
		return nil
	}
	for i := range n.Items {
		texts = append(texts, n.Items[i].Text)
	}
	return texts
}
