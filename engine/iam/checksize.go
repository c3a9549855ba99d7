package iam

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"stsplayground/engine/source"
	"stsplayground/engine/trace"
)

// quota is how many characters a policy of the kind can have. Where white
// space between the tokens counts, spaced is set.
type quota struct {
	kind       Kind
	characters int
	spaced     bool
	severity   trace.Severity
	advice     string
	message    string // AWS's, where one is known
	cite       trace.Cite
}

var (
	pageOrganizations = trace.Cite{Title: "AWS Organizations User Guide: Quotas", URL: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"}
	pageEndpoint      = trace.Cite{Title: "AWS PrivateLink Guide: Control access to VPC endpoints using endpoint policies", URL: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"}
	pageBucketPolicy  = trace.Cite{Title: "Amazon S3 User Guide: Bucket policies", URL: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html"}
)

// quotas: reference_iam-quotas and the services' own pages. IAM and
// Organizations' console count no white space between tokens; Organizations'
// API counts what it is given, so what is over without it is over anyhow.
var quotas = []quota{
	{TrustPolicy, 2048, false, isWarning, "the default quota is 2048 (it can be raised to 8192); bring conditions together or raise the quota", "Cannot exceed quota for ACLSizePerRole: 2048", pageQuotas},
	{IdentityPolicy, 6144, false, isWarning, "a managed policy can have 6144, an inline one less or more (users 2048, groups 5120, roles 10240, all inline policies together); divide it", "Cannot exceed quota for PolicySize: 6144", pageQuotas},
	{PermissionsBoundary, 6144, false, isWarning, "a managed policy, which a boundary is, can have 6144; take wildcards together", "Cannot exceed quota for PolicySize: 6144", pageQuotas},
	{SessionPolicy, 2048, true, isError, "a session policy can have 2048; put what all sessions share into the role's own policies", "", pageQuotas},
	{ServiceControlPolicy, 10240, false, isError, "a service control policy can have 10240; divide it", "", pageOrganizations},
	{ResourceControlPolicy, 5120, false, isError, "a resource control policy can have 5120; divide it", "", pageOrganizations},
	{EndpointPolicy, 20480, true, isWarning, "an endpoint policy can have 20480, white space included; leave white space out or take statements together", "", pageEndpoint},
}

// bucketQuota is that of a resource-based policy of Amazon S3: 20 KB. Other
// services have others.
var bucketQuota = quota{ResourcePolicy, 20480, true, isWarning, "a bucket policy can have 20480; take statements together or use access points", "", pageBucketPolicy}

func (p *parser) checkSize(root *source.Node) {
	for i := range quotas {
		if quotas[i].kind == p.policy.Kind {
			p.checkQuota(&quotas[i], root)
		}
	}
	if p.policy.Kind == ResourcePolicy && p.isBucketPolicy() {
		p.checkQuota(&bucketQuota, root)
	}
}

func (p *parser) checkQuota(q *quota, root *source.Node) {
	size, counted := Size(root), " without white space"
	if q.spaced {
		size, counted = max(size, root.End-root.Offset), ""
	}
	if size <= q.characters {
		return
	}
	r := ruleSize
	if q.kind == TrustPolicy {
		r = ruleTrustSize
	}
	detail := "The policy has " + strconv.Itoa(size) + " characters" + counted + ", and " + q.advice + "."
	if q.message != "" {
		detail += quoteAWS(q.message)
	}
	finding := r.at(p.policy.At, detail)
	finding.Severity, finding.Cite = q.severity, q.cite
	p.add(finding)
}

// isBucketPolicy goes by the first action's service.
func (p *parser) isBucketPolicy() bool {
	for i := range p.policy.Statements {
		for j := range p.policy.Statements[i].Action.Values {
			return strings.HasPrefix(strings.ToLower(p.policy.Statements[i].Action.Values[j].Text), "s3:")
		}
	}
	return false
}

// Size is how many characters the document has without the white space
// between its tokens, as IAM counts them for its quotas.
func Size(n *source.Node) int {
	switch n.Kind {
	case source.String:
		return textSize(n.Text)
	case source.Null:
		return len("null")
	case source.Array:
		size := 2 + max(0, len(n.Items)-1)
		for i := range n.Items {
			size += Size(&n.Items[i])
		}
		return size
	case source.Object:
		size := 2 + max(0, len(n.Members)-1)
		for i := range n.Members {
			size += textSize(n.Members[i].Name) + 1 + Size(&n.Members[i].Value)
		}
		return size
	}
	return len(n.Text)
}

// textSize is that of a JSON string, its quotes and necessary escapes included.
func textSize(s string) int {
	return 2 + utf8.RuneCountInString(s) + strings.Count(s, `"`) + strings.Count(s, `\`)
}
