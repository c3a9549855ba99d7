package registration

import "stsplayground/engine/sts"

// SetSecurityTokenServicePreferences.
var setPreferences = &operation{
	constraints: func(v *visit, broken *sts.Violations) {
		broken.Given("globalEndpointTokenVersion", v.sent("GlobalEndpointTokenVersion"))
		if v.sent("GlobalEndpointTokenVersion") {
			broken.Enum("globalEndpointTokenVersion", v.params.GlobalEndpointTokenVersion, tokenVersions...)
		}
	},
	check: func(*visit) {},
	save: func(v *visit) any {
		v.account.SaveTokenVersion(v.params.GlobalEndpointTokenVersion)
		return &Empty{}
	},
}
