package report

import (
	"slices"
	"strings"

	"stsplayground/engine"
)

// credentialsWords sums the chain up.
func credentialsWords(list []engine.Credential) string {
	sessions := 0
	for i := range list {
		if list[i].Call >= 0 {
			sessions++
		}
	}
	if sessions == 0 {
		return "long-term keys only"
	}
	return count(sessions, "session")
}

// made says whether a call of the report made the credentials.
func made(r engine.Report, c engine.Credential) bool { return c.Call >= 0 && c.Call < len(r.Calls) }

// over says whether the credentials have ended when a call is made; both
// moments are written alike, in UTC.
func over(c engine.Credential, at engine.CallReport) bool { return c.Until != "" && c.Until <= at.At }

// parents says whether a holder has made sessions.
func parents(list []engine.Credential, i int) bool {
	return slices.ContainsFunc(list, func(c engine.Credential) bool { return c.Parent == i })
}

// shortARN is an ARN without what every ARN of IAM and STS begins with.
func shortARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return arn
	}
	return parts[4] + ":" + parts[5]
}
