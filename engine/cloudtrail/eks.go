package cloudtrail

import (
	"time"

	"stsplayground/engine/scenario"
	"stsplayground/engine/sts"
)

// podParameters are those of AssumeRoleForPodIdentity as they are logged.
type podParameters struct {
	ClusterName string `json:"clusterName"`
	Token       string `json:"token"`
}

// PodIdentity is the record of AssumeRoleForPodIdentity, in the form of
// records that were seen: who called is the node, and nothing is said of the
// role or the pod. The pod's role shows in the AssumeRole of EKS.
func PodIdentity(c *scenario.Call, r *sts.Result, at time.Time) (record *SignedRecord, why string) {
	s := r.Signer
	if s == nil {
		return nil, "Nobody whom AWS knows signed the call, so no account keeps a record of it."
	}
	record = &SignedRecord{
		EventVersion: "1.09", UserIdentity: identityOf(s),
		EventTime: at.UTC().Format(time.RFC3339), EventSource: "eks-auth.amazonaws.com", EventName: "AssumeRoleForPodIdentity",
		AWSRegion: s.Region, SourceIPAddress: s.SourceIP,
		RequestParameters: &podParameters{c.EKSAuth.ClusterName, hidden},
		RequestID:         id("request", c.Name, c.EKSAuth.ClusterName, at), EventID: id("event", c.Name, c.EKSAuth.ClusterName, at),
		ReadOnly: true, EventType: "AwsApiCall", ManagementEvent: true, RecipientAccountID: s.Account, EventCategory: "Management",
	}
	if r.Error != nil {
		record.ErrorCode, record.ErrorMessage = r.Error.Code, r.Error.Message
		if record.ErrorCode == "AccessDeniedException" {
			record.ErrorCode = "AccessDenied"
		}
	}
	return record, ""
}
