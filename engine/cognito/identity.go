package cognito

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// poolOf is the pool that a call about an identity is about. The identity says
// which it is; without one there is no choice if the scenario has one pool.
func (w *walk) poolOf(pools *Pools, id *scenario.IdentityID) (*pool, *identity) {
	const expected = "an identity of a pool"
	switch {
	case id.From != "":
		if found := pools.byCall[id.From]; found != nil {
			w.Pass(&rulePool, expected, found.pool.IdentityPoolID, "The identity "+found.id+" comes from the call "+id.From+".")
			return found.pool, found
		}
		w.Fail(&rulePool, notFound("Identity", id.From), expected, "the call "+id.From+" gave none", "The call "+id.From+" gave no identity, so there is none to name.").AsModelled()
		return nil, nil
	case id.Text == "":
		if len(pools.all) == 1 {
			w.Pass(&rulePool, expected, pools.all[0].IdentityPoolID, "AWS wants an IdentityId. Without one the call is played as GetId and this one together, in the scenario's only pool.").AsModelled()
			return pools.all[0], nil
		}
		w.Fail(&rulePool, validation("Value null at 'identityId' failed to satisfy constraint: Member must not be null"), expected, "no IdentityId", "Without an IdentityId nothing says which of the scenario's pools is meant; name a call of GetId, as in IdentityId: {from: …}.")
		return nil, nil
	}
	if found := pools.identities[id.Text]; found != nil {
		w.Pass(&rulePool, expected, found.pool.IdentityPoolID, "")
		return found.pool, found
	}
	return w.olderIdentity(pools, id.Text)
}

// olderIdentity takes an id that no call gave for one of before the scenario,
// if only one pool could have made it: an id begins with its pool's Region.
func (w *walk) olderIdentity(pools *Pools, id string) (*pool, *identity) {
	region, _, _ := strings.Cut(id, ":")
	var only *pool
	for _, p := range pools.all {
		if p.region != region {
			continue
		}
		if only != nil {
			only = nil
			break
		}
		only = p
	}
	if only == nil {
		w.Fail(&rulePool, notFound("Identity", id), "an identity of a pool", id, "No call before this one gave this identity, and which pool could have isn't clear.")
		return nil, nil
	}
	w.Warn(&rulePool, "an identity of a pool", only.IdentityPoolID, "No call before this one gave the identity "+id+"; it is taken for one that the pool has had for longer.").AsModelled()
	return only, &identity{id: id, pool: only}
}

// named is the pool that a call names by its id.
func (w *walk) named(pools *Pools, id, region string) *pool {
	found := pools.byID[id]
	switch {
	case found == nil:
		w.Fail(&rulePool, notFound("IdentityPool", id), cmp.Or(strings.Join(keys(pools.byID), "\n"), "the scenario has no identity pool"), id, "The scenario has no identity pool of that id.")
		return nil
	case region != "" && region != found.region:
		w.Fail(&rulePool, notFound("IdentityPool", id), found.region, region, "The pool is in "+found.region+", and the call goes to Cognito in "+region+", which doesn't know it.")
		return nil
	}
	w.Pass(&rulePool, id, found.IdentityPoolName+", in account "+found.account.ID, "")
	return found
}

// checkGuests says whether a call without logins may be a guest's.
func (w *walk) checkGuests(p *pool, logins int) {
	switch {
	case logins > 0:
		w.Pass(&ruleGuests, "a login, or a pool that takes guests", "there are logins", "")
	case p.AllowUnauthenticatedIdentities:
		w.Pass(&ruleGuests, "a login, or a pool that takes guests", "no login, a guest", "")
	default:
		w.Fail(&ruleGuests, errNoGuests, "a login, or a pool that takes guests", "no login, and AllowUnauthenticatedIdentities is false", "The call has no logins, so it is a guest's, and the pool takes none. Often the app's user did sign in and the token isn't passed on in Logins.")
		w.adviseGuests(p)
	}
}

// identify finds whose identity it is, or makes one, and links what is new to
// it. Given is the identity that the call names, nil for none.
func (w *walk) identify(pools *Pools, p *pool, given *identity, logins []login, call string) *identity {
	const expected = "an identity that the logins belong to"
	known := pools.known(p, logins)
	found := given
	switch {
	case given == nil && known != nil:
		found = known
	case given == nil:
		found = pools.newIdentity(p, logins, call)
	case len(logins) == 0 && len(given.logins) > 0:
		w.Fail(&ruleIdentity, errForbidden(given.id), expected, given.id+", without its logins", "The identity is that of somebody who signed in, and has to come with one of its logins: "+names(given.logins)+".")
		return nil
	case len(given.logins) > 0 && !given.hasOne(logins):
		w.Fail(&ruleIdentity, errUnmatched, names(given.logins), given.id+", with other logins", "None of the logins is one of the identity's own.")
		return nil
	case known != nil && known != given:
		w.Warn(&ruleIdentity, expected, known.id, "The login belongs to "+known.id+" already, so Cognito merges "+given.id+" into it and answers with that one.").AsModelled()
		return pools.keep(known, call)
	}
	for i := range logins {
		l := &logins[i]
		if l.ours && l.user != found.id {
			w.Fail(&ruleIdentity, errUnmatched, l.user, found.id, "The token of Cognito is for another identity.").AsModelled()
			return nil
		}
		if before, linked := found.logins[l.name]; linked && before != l.user && !l.ours {
			w.Fail(&ruleIdentity, errOneLogin, "one user of "+l.name, before+" and "+l.user, "An identity has one login of each provider.").AsModelled()
			return nil
		}
	}
	pools.link(found, logins)
	why := "The same logins always lead to the same identity."
	if len(logins) == 0 {
		why = "A guest's identity is new with each GetId; the app has to keep it."
	}
	w.Pass(&ruleIdentity, expected, found.id, why)
	return pools.keep(found, call)
}

// known is an identity that one of the logins belongs to.
func (pools *Pools) known(p *pool, logins []login) *identity {
	for i := range logins {
		if logins[i].ours {
			if found := pools.identities[logins[i].user]; found != nil {
				return found
			}
			return &identity{id: logins[i].user, pool: p}
		}
		if found := pools.byLogin[logins[i].key(p)]; found != nil {
			return found
		}
	}
	return nil
}

// newIdentity makes an id of the first login; of a guest's of the call.
func (pools *Pools) newIdentity(p *pool, logins []login, call string) *identity {
	what := []string{"guest", call}
	if len(logins) > 0 {
		what = []string{logins[0].name, logins[0].user}
	}
	return &identity{id: p.region + ":" + sts.UUID(append([]string{p.IdentityPoolID}, what...)...), pool: p}
}

// link gives the identity the logins that it hasn't yet.
func (pools *Pools) link(found *identity, logins []login) {
	for i := range logins {
		l := &logins[i]
		if l.ours {
			continue
		}
		if found.logins == nil {
			found.logins = map[string]string{}
		}
		found.logins[l.name] = l.user
		pools.byLogin[l.key(found.pool)] = found
	}
}

// keep remembers which identity a call was answered with.
func (pools *Pools) keep(found *identity, call string) *identity {
	pools.identities[found.id] = found
	pools.byCall[call] = found
	return found
}

// hasOne says whether one of the logins is the identity's own.
func (found *identity) hasOne(logins []login) bool {
	return slices.ContainsFunc(logins, func(l login) bool {
		return l.ours && l.user == found.id || !l.ours && found.logins[l.name] == l.user
	})
}

func names(logins map[string]string) string {
	return strings.Join(keys(logins), ", ")
}

// validation is AWS's list of the constraints that a request breaks.
func validation(broken ...string) *trace.Error {
	begin := "1 validation error detected: "
	if len(broken) > 1 {
		begin = strconv.Itoa(len(broken)) + " validation errors detected: "
	}
	return trace.Sender("ValidationException", 400, begin+strings.Join(broken, "; "))
}
