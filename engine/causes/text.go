package causes

import (
	"slices"
	"strings"

	"stsplayground/engine/source"
)

// escapes are how logs, XML and JSON write what AWS's messages have.
var escapes = strings.NewReplacer(
	"&quot;", `"`, "&#34;", `"`, "&apos;", "'", "&#39;", "'", "&#x27;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&",
	`\"`, `"`, `\u0027`, "'", `\u003c`, "<", `\u003e`, ">", `\n`, " ", `\t`, " ",
	"’", "'",
)

// normal is a text as it is looked through: at most MaxText of it, with its
// escapes read, of XML without the marks, and each run of white space as one
// blank. A CloudTrail record is put as the line that it stands for.
func normal(text string) string {
	if len(text) > MaxText {
		text = text[:MaxText]
	}
	if line, ok := recorded(text); ok {
		text = line
	}
	text = escapes.Replace(strings.ToValidUTF8(text, "�"))
	if strings.Contains(text, "<Message>") || strings.Contains(text, "<Code>") {
		text = strings.NewReplacer("<", " <", ">", "> ").Replace(text)
	}
	return strings.Join(strings.Fields(text), " ")
}

// recorded reads a CloudTrail record, or the first of several with an error.
func recorded(text string) (line string, ok bool) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return "", false
	}
	root, err := source.ParseJSON(text)
	if err != nil {
		return "", false
	}
	record := &root
	if records := root.Get("Records"); records != nil {
		for i := range records.Items {
			if records.Items[i].Get("errorCode") != nil {
				record = &records.Items[i]
				break
			}
		}
	}
	code := record.Get("errorCode")
	if code == nil || record.Get("eventName") == nil {
		return "", false
	}
	said := []string{code.Text, "when calling the", record.Get("eventName").Text, "operation:"}
	for _, place := range [][]string{{"errorMessage"}, {"userIdentity", "userName"}, {"userIdentity", "arn"}, {"requestParameters", "roleArn"}} {
		n := record
		for _, name := range place {
			n = n.Get(name)
		}
		if n != nil {
			said = append(said, n.Text)
		}
	}
	return strings.Join(said, " "), true
}

// mostFacts is how many facts a text is asked for.
const mostFacts = 8

// kinds are what a word may be, by how it begins.
var kinds = []struct{ begins, words string }{
	{"arn:aws:sts::", "Session"}, {"arn:aws:iam::", "In IAM"}, {"arn:", "Resource"},
	{"ASIA", "Access key of a session"}, {"AKIA", "Long-term access key"}, {"https://", "Address"},
}

// facts are the ARNs, access keys and addresses that a text names.
func facts(words string) (found []Fact) {
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return strings.ContainsRune(" \"'<>()[],;", r) }) {
		word = strings.TrimRight(word, ".:")
		for _, kind := range kinds {
			if !strings.HasPrefix(word, kind.begins) || len(word) < len(kind.begins)+8 {
				continue
			}
			fact := Fact{kind.words, clip(word, 200)}
			if len(found) < mostFacts && !slices.Contains(found, fact) {
				found = append(found, fact)
			}
			break
		}
	}
	return found
}

// clip is at most so many bytes of a text, and says where it goes on.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
