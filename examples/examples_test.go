package examples

import (
	"slices"
	"strings"
	"testing"
)

func TestTheGalleryOpensWithTheFirstExample(t *testing.T) {
	if got := All()[0].Slug; got != first {
		t.Errorf("got %s, want %s", got, first)
	}
}

func TestGroupsStandTogetherAndInOrder(t *testing.T) {
	var got []string
	for _, e := range All() {
		if len(got) == 0 || got[len(got)-1] != e.Group {
			got = append(got, e.Group)
		}
	}
	if !slices.Equal(got, groups) {
		t.Errorf("got groups %q, want %q", got, groups)
	}
}

func TestEveryExampleSaysWhatItShows(t *testing.T) {
	titles := map[string]string{}
	for _, e := range All() {
		switch {
		case e.Title == "" || strings.HasSuffix(e.Title, "."):
			t.Errorf("%s: got title %q, want one without a full stop", e.Slug, e.Title)
		case titles[e.Title] != "":
			t.Errorf("%s: got the title of %s, want one of its own", e.Slug, titles[e.Title])
		case !strings.HasSuffix(e.Summary, "."):
			t.Errorf("%s: got summary %q, want sentences", e.Slug, e.Summary)
		case !strings.Contains(e.Source, "\ncovers: ["):
			t.Errorf("%s: got no covers, want the rows that it shows", e.Slug)
		}
		titles[e.Title] = e.Slug
	}
}
