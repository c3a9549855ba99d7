package identitycenter

import "testing"

func TestSecondsReadsISO8601(t *testing.T) {
	for text, want := range map[string]int64{
		"": 3600, "PT1H": 3600, "PT1H30M": 5400, "PT12H": 43200, "PT90M": 5400, "PT3600S": 3600, "P1D": 86400, "P1DT1H": 90000, "P1W": 604800,
		"P": -1, "PT": -1, "1H": -1, "PT1": -1, "PT1M1H": -1, "PTH": -1, "PT-1H": -1, "-PT1H": -1, "PT1H ": -1, "pt1h": -1, "P1H": -1, "PT1D": -1, "PT99999999999H": -1,
	} {
		got, ok := secondsIn(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
