package scenario

import "stsplayground/engine/source"

// InstanceProfile is an IAM instance profile, as GetInstanceProfile describes
// it. Roles are names of roles, or objects with a RoleName as AWS's output has
// them.
type InstanceProfile struct {
	InstanceProfileName string `required:"yes"`
	ProfilePath         string `json:"Path"` // "" stands for "/"
	Roles               Document
	Path                string `json:"-"`
}

// RoleNames are the names of the profile's roles; AWS allows one.
func (p *InstanceProfile) RoleNames() (names []string) {
	for i := range p.Roles.Node.Items {
		item := &p.Roles.Node.Items[i]
		if item.Kind == source.Object {
			item = item.Get("RoleName")
		}
		if item != nil && item.Kind == source.String {
			names = append(names, item.Text)
		}
	}
	return names
}

// Instance is an EC2 instance, as DescribeInstances describes it.
type Instance struct {
	InstanceID         string             `json:"InstanceId" required:"yes"`
	IamInstanceProfile InstanceProfileRef // zero: none
	MetadataOptions    MetadataOptions
	VpcID              string `json:"VpcId"`
	PrivateIPAddress   string `json:"PrivateIpAddress"`
	Path               string `json:"-"`
}

// InstanceProfileRef names an instance profile.
type InstanceProfileRef struct {
	Arn string
}

// MetadataOptions are those of the instance metadata service. The defaults
// are EC2's own: enabled, both versions, one hop.
type MetadataOptions struct {
	HTTPTokens              string `json:"HttpTokens" oneof:"optional required"`
	HTTPPutResponseHopLimit int    `json:"HttpPutResponseHopLimit"` // 0 stands for 1
	HTTPEndpoint            string `json:"HttpEndpoint" oneof:"enabled disabled"`
}

// MetadataParams are those of imds:GetSecurityCredentials, which stands for
// GET /latest/meta-data/iam/security-credentials/ROLE on an instance, with or
// without a token of version 2 before it.
type MetadataParams struct {
	InstanceID string `json:"InstanceId" required:"yes"`
	Token      *bool  `json:"Token"` // false: version 1, no token; absent: version 2
	Hops       *int   `json:"hops"`  // between the program and the service: 1 on the instance itself (also absent), 2 in a container with a network of its own
}

func ofMetadata(c *Call) any { return &c.Metadata }
