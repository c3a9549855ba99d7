package page

import (
	"strconv"
	"strings"
	"time"
)

// Stored is what the page says of a scenario that is stored on its server.
type Stored struct {
	ID      string
	Expires time.Time
	Contact string // where abuse is reported, a mailto: or https: address; empty where nobody is named
}

// Deleting is what is asked of whoever wants to delete a stored scenario.
type Deleting struct {
	ID      string
	Title   string // of the scenario; empty for none
	Expires time.Time
	Wrong   bool // the key that was given isn't the scenario's
	Done    bool // it is deleted
}

// FillKey puts the key that the link has after its # into the form, and takes
// it out of the address: histories keep those. A Content-Security-Policy names
// it by its hash.
const FillKey = `const key = location.hash.slice(1); if (key !== "") { document.getElementById("key").value = key; history.replaceState(null, "", location.pathname); }`

// Privacy is what the page about privacy has to say of its server.
type Privacy struct {
	Site    Site
	Meta    Meta
	Stores  bool   // scenarios can be stored
	Contact string // as that of Stored
	PerHour int    // how many scenarios one client may store
}

// moment is a time as people read it: to the minute, in UTC.
func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" }

// reporting is the address at which abuse of a stored scenario is reported:
// of an e-mail one whose subject says which.
func (s Stored) reporting() string {
	if strings.HasPrefix(s.Contact, "mailto:") {
		return s.Contact + "?subject=STS%20Playground%20scenario%20" + s.ID
	}
	return s.Contact
}

// path is the address of the scenario, from the server's root.
func (s Stored) path() string { return "/s/" + s.ID }

// exceptStore is what the page's policy lets it do besides, where scenarios can
// be stored.
func exceptStore(p Privacy) string {
	if p.Stores {
		return ", and send a scenario to this server's /api/scenarios, which it does when you click Store it"
	}
	return ", and nothing else"
}

// storesPerHour says how many scenarios one network address may store.
func storesPerHour(p Privacy) string {
	if p.Stores {
		return ", and stores at most " + strconv.Itoa(p.PerHour) + " scenarios an hour from one"
	}
	return ""
}

// shownContact is an address as people write it.
func shownContact(address string) string { return strings.TrimPrefix(address, "mailto:") }

// promise is what the page says of what is pasted into it.
func promise(stores bool) string {
	if stores {
		return "Nothing you paste leaves this browser unless you store it"
	}
	return "Nothing you paste leaves this browser"
}

// deleting names the scenario that is to be deleted.
func deleting(d Deleting) string {
	if d.Title == "" {
		return "The scenario"
	}
	return "“" + d.Title + "”"
}
