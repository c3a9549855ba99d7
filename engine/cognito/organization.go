package cognito

import (
	"stsplayground/engine/iam"
	"stsplayground/engine/scenario"
	"stsplayground/engine/trace"
)

var ruleOrganization = trace.Rule{Code: "cognito/organization", Title: "No resource control policy denies the call", Cite: trace.Cite{
	Title: "AWS Organizations: Resource control policies", URL: docs + "organizations/latest/userguide/orgs_manage_policies_rcps.html",
}}

// checkOrganization asks the resource control policies of the pool's account.
// Nobody signs a public operation, so no other policy is asked; a published
// answer shows that these are.
func (w *walk) checkOrganization(p *pool, call *scenario.Call) {
	const expected = "no Deny that applies"
	if len(p.account.ResourceControlPolicies) == 0 {
		w.Pass(&ruleOrganization, expected, "the account has no resource control policies", "")
		return
	}
	asked := *call
	asked.Caller, asked.Resource, asked.Region = "", p.arn(), p.region
	answer := w.desk.World.Act(&asked, w.desk.At)
	if answer.Decision == nil || answer.Decision.Effect != iam.ExplicitDeny {
		w.Pass(&ruleOrganization, expected, "none applies", "")
		return
	}
	w.Fail(&ruleOrganization, trace.Sender("AccessDeniedException", 400, "User: anonymous is not authorized to perform: "+w.operation+" on resource: * with an explicit deny in a resource control policy"),
		expected, "an explicit deny", "A resource control policy of the organization denies "+w.operation+" for who is anonymous, as every user of an app is who asks for an identity.")
	w.decision = answer.Decision
}
