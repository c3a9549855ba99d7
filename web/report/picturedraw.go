package report

import "github.com/a-h/templ"

// svg draws the sequence.
func (p picture) svg() templ.Component {
	s := &markup{}
	s.begin("sequence", "Sequence of the call: "+p.Title, "The list after it says the same in words.", p.Height)
	for _, l := range p.Lanes {
		s.open("g", "class", "lane "+string(l.Light))
		s.line("life", l.X, l.X, headHeight, p.Height)
		if l.Words[1] == "" {
			s.words("name", l.X, "middle", 24, l.Words[0])
		} else {
			s.words("name", l.X, "middle", 16, l.Words[0])
			s.words("name", l.X, "middle", 31, l.Words[1])
		}
		s.close("g")
	}
	for _, m := range p.Rows {
		s.open("g", "class", "message "+string(m.Light))
		m.arrow(s)
		s.words("says", m.X, m.Anchor, m.Y, m.Light.shape()+m.Text)
		if m.Note != "" {
			s.words("note", m.X, m.Anchor, m.Y+noteHeight, m.Note)
		}
		s.close("g")
	}
	s.close("svg")
	return s.component()
}

// arrow goes from lane to lane; a check within one is a dot. What is refused
// ends in a cross.
func (m row) arrow(s *markup) {
	if !m.Self {
		s.line("goes", m.From, m.To, m.Line, m.Line)
	}
	s.at(m.To, m.Line, func() {
		switch {
		case m.Light == shut:
			s.empty("circle", "r", "8")
			s.empty("path", "class", "strokes", "d", "M-3.2 -3.2 3.2 3.2M3.2 -3.2 -3.2 3.2")
		case m.Self:
			s.empty("circle", "r", "4.5")
		case m.Left:
			s.empty("path", "d", "M0 0 8.5 -4.5 8.5 4.5z")
		default:
			s.empty("path", "d", "M0 0 -8.5 -4.5 -8.5 4.5z")
		}
	})
}

// shape begins the words of a message, so that colour never stands alone.
func (l light) shape() string {
	switch l {
	case shut:
		return "✕ "
	case taken:
		return "~ "
	}
	return ""
}
