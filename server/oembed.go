package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"stsplayground/web/page"
)

// oembed answers those who were given a link to a scenario and want to show
// it: an iframe, as https://oembed.com has it. Only this site's own links are
// known; nothing is fetched.
func (s *site) oembed(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	width, okWidth := atMost(query.Get("maxwidth"), 720)
	height, okHeight := atMost(query.Get("maxheight"), 540)
	switch format := query.Get("format"); {
	case format != "" && format != "json":
		s.oembedProblem(w, http.StatusNotImplemented, "This provider answers as JSON only (oEmbed §2.3.4).")
		return
	case query.Get("url") == "":
		s.oembedProblem(w, http.StatusBadRequest, "The parameter url is missing: the address of an example or a short link of this site.")
		return
	case !okWidth || !okHeight:
		s.oembedProblem(w, http.StatusBadRequest, "maxwidth and maxheight are numbers of pixels.")
		return
	}
	path, title, ok := s.embeddable(r, query.Get("url"))
	if !ok {
		s.oembedProblem(w, http.StatusNotFound, "This site has no scenario at that address.")
		return
	}
	answer, err := json.Marshal(struct {
		Type     string `json:"type"`
		Version  string `json:"version"`
		Title    string `json:"title"`
		Provider string `json:"provider_name"`
		Site     string `json:"provider_url"`
		CacheAge int    `json:"cache_age"`
		HTML     string `json:"html"`
		Width    int    `json:"width"`
		Height   int    `json:"height"`
		Picture  string `json:"thumbnail_url"`
		Wide     int    `json:"thumbnail_width"`
		High     int    `json:"thumbnail_height"`
	}{
		"rich", "1.0", title, "STS Playground", s.address(r, "/"), 3600,
		fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" allow="clipboard-write"></iframe>`,
			html.EscapeString(s.address(r, path)), html.EscapeString("STS Playground: "+title), width, height),
		width, height,
		s.address(r, strings.TrimSuffix(path, "/embed")+".png"), page.PreviewWidth, page.PreviewHeight,
	})
	if err != nil {
		panic(err)
	}
	w.Header().Set("X-Robots-Tag", "noindex")
	s.send(w, r, http.StatusOK, "application/json", answer)
}

// embeddable finds what frames the scenario at an address of this site: the
// path of the frame and the scenario's title.
func (s *site) embeddable(r *http.Request, address string) (path, title string, ok bool) {
	u, err := url.Parse(address)
	own, _ := url.Parse(s.address(r, "/"))
	if err != nil || own == nil || u.Scheme != "http" && u.Scheme != "https" || !strings.EqualFold(u.Host, own.Host) || u.User != nil {
		return "", "", false
	}
	slug, id := "", ""
	switch parts := strings.Split(strings.Trim(u.Path, "/"), "/"); {
	case len(parts) == 1 && parts[0] == "":
		slug = u.Query().Get("scenario")
	case len(parts) == 2 && (parts[0] == "examples" || parts[0] == "lessons"):
		slug = parts[1]
	case len(parts) == 2 && parts[0] == "s":
		id = parts[1]
	}
	if slug != "" {
		e, ok := s.choose(slug)
		return "/examples/" + slug + "/embed", e.Title, ok
	}
	if s.kept == nil || !isID(id) {
		return "", "", false
	}
	found, err := s.kept.get(r.Context(), id)
	if err != nil {
		return "", "", false
	}
	if title = titleOf(found); title == "" {
		title = "a scenario"
	}
	return "/s/" + id + "/embed", title, true
}

// atMost is a length that a consumer allows at most, and what is best where it
// allows that.
func atMost(text string, best int) (int, bool) {
	if text == "" {
		return best, true
	}
	n, err := strconv.Atoi(text)
	return min(n, best), err == nil && n > 0
}

func (s *site) oembedProblem(w http.ResponseWriter, status int, detail string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintln(w, detail)
}
