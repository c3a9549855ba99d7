package report

import (
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine"
	"stsplayground/engine/idp"
	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// ClaimsHolder is the id of the element that holds the part of ClaimsForm.
const ClaimsHolder = "mint-claims"

// ClaimsForm are the claims of the token that is minted for the call by which
// the call drawn came in, each as a field, with the condition key that AWS
// makes of it. It stands with the world's controls, and is drawn with the report.
func ClaimsForm(r engine.Report, call int) Part {
	m := atFrontDoor(r, call, mintingOf)
	return Part{ID: "mint-claims-form", Component: claimsForm("claim", m)}
}

// atFrontDoor is what is minted for the call by which a call came in.
func atFrontDoor(r engine.Report, call int, of func(engine.CallReport) *minting) *minting {
	if door := frontDoor(r, call); door >= 0 {
		return of(r.Calls[door])
	}
	return nil
}

// frontDoor is the operation by which a call came in: itself, else the one
// whose credentials it uses, else the first; -1 for none.
func frontDoor(r engine.Report, call int) int {
	if call < 0 || call >= len(r.Calls) {
		return -1
	}
	if !isAction(r.Calls[call]) {
		return call
	}
	opens := func(c engine.CallReport) bool { return !isAction(c) }
	if from := r.Calls[call].Call.Caller; from != "" {
		if i := slices.IndexFunc(r.Calls, func(c engine.CallReport) bool { return opens(c) && c.Name == from }); i >= 0 {
			return i
		}
	}
	return slices.IndexFunc(r.Calls, opens)
}

// minting is what a token is minted from. Pointer is the place of its claims
// in the scenario.
type minting struct {
	What          string // claim or attribute
	Pointer       string
	Keys, Keyless []claimField // what becomes a condition key, and what doesn't
}

// claimField is a claim that can be described. Value is what the mint says of
// it, and Usual what it is where the mint says nothing, "" where it is left out.
type claimField struct {
	ID, Name, Pointer string
	Label             string // the name as short as it is understood
	About, Key        string
	Value, Usual      string
	JSON              bool // its value is written as JSON, not as a text
	Given, Removed    bool // by the mint
	Minted            bool // is in the token
	Own               bool // none of the profile's
}

// mostClaims is how many claims have fields.
const mostClaims = 80

// mintingOf is what the call's token is minted from; nil where it isn't.
func mintingOf(c engine.CallReport) *minting {
	if c.Call == nil || c.Call.Params.WebIdentityToken.Mint == nil {
		return nil
	}
	mint := c.Call.Params.WebIdentityToken.Mint
	m := &minting{What: "claim", Pointer: mint.Path + "/claims"}
	fields := claimFields(mint, payload(c))
	for i := range fields {
		fields[i].Label = fields[i].Name
		fields[i].Pointer = source.Pointer(m.Pointer, fields[i].Name)
		fields[i].Key = keyOf(c, fields[i])
	}
	m.take(fields)
	return m
}

// take gives the fields their ids, and parts those that become condition keys
// from the others.
func (m *minting) take(fields []claimField) {
	taken := map[string]bool{}
	for _, f := range fields {
		id := "mint-" + m.What + "-" + slug(f.Name)
		f.ID = id
		for n := 2; taken[f.ID]; n++ {
			f.ID = id + "-" + strconv.Itoa(n)
		}
		taken[f.ID] = true
		if f.Key != "" {
			m.Keys = append(m.Keys, f)
		} else {
			m.Keyless = append(m.Keyless, f)
		}
	}
}

// claimFields are the profile's claims, and after them the mint's own.
func claimFields(mint *scenario.Mint, minted *source.Node) []claimField {
	given := mint.Claims.Tree()
	var all []claimField
	known := map[string]bool{}
	rows := engine.ProfileClaims(mint.Profile, mint.Issuer)
	if len(rows) == 0 { // the mint names no profile, or none that there is
		rows = engine.ProfileClaims(idp.Profiles()[0].Name, mint.Issuer)
	}
	for _, row := range rows {
		known[row.Name] = true
		f := claimField{Name: row.Name, About: row.About, Key: row.Key, Usual: row.Default}
		f.describe(given.Get(row.Name), minted.Get(row.Name))
		all = append(all, f)
	}
	if given != nil {
		for i := range given.Members {
			m := &given.Members[i]
			if !known[m.Name] && len(all) < mostClaims {
				known[m.Name] = true
				f := claimField{Name: m.Name, Own: true}
				f.describe(&m.Value, minted.Get(m.Name))
				all = append(all, f)
			}
		}
	}
	return all
}

// describe takes what the mint says of the claim, and what the token does.
func (f *claimField) describe(given, minted *source.Node) {
	f.JSON = strings.HasPrefix(f.Usual, "[") || strings.HasPrefix(f.Usual, "{") || f.Usual == "true" || f.Usual == "false"
	isTime := strings.HasPrefix(f.Usual, "+") || strings.HasPrefix(f.Usual, "-")
	if minted != nil {
		f.JSON, f.Minted = minted.Kind != source.String, true
		if given == nil && !isTime {
			f.Usual = written(minted)
		}
	}
	switch {
	case given == nil:
	case given.Kind == source.Null:
		f.Given, f.Removed = true, true
	default:
		f.Given, f.Value = true, written(given)
	}
}

func written(n *source.Node) string {
	if n.Kind == source.String {
		return n.Text
	}
	return n.JSON("")
}

// keyOf is the condition key that AWS makes of a claim: as the token shows it,
// or for one that isn't in the token as its profile does.
func keyOf(c engine.CallReport, f claimField) string {
	if c.Token != nil {
		for _, claim := range c.Token.Claims {
			if claim.Name == f.Name {
				return claim.Key
			}
		}
	}
	return f.Key
}

// payload is what the minted token says; nil where that can't be read.
func payload(c engine.CallReport) *source.Node {
	if c.Token == nil {
		return nil
	}
	root, err := source.ParseJSON(c.Token.Payload)
	if err != nil {
		return nil
	}
	return &root
}

// empty is what the field says while the mint says nothing of the claim.
func (f claimField) empty() string {
	switch {
	case f.Removed:
		return "removed"
	case f.Usual == "" && f.Minted:
		return "empty"
	case f.Usual == "":
		return "not in the token"
	}
	return f.Usual
}

// drops is what the button beside the field does: a claim of the mint's own
// goes, one of the profile's is left out of the token.
func (f claimField) drops() string {
	if f.Own {
		return "restore"
	}
	return "drop"
}
