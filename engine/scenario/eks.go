package scenario

// Cluster is an Amazon EKS cluster, as DescribeCluster describes it, with
// what bears on credentials of what stands in it.
type Cluster struct {
	Name            string           `json:"name" required:"yes"`
	Arn             string           `json:"arn"` // "" for one made of the issuer's Region, the account and the name
	Identity        ClusterIdentity  `json:"identity"`
	ServiceAccounts []ServiceAccount `json:"serviceAccounts"`
	Pods            []Pod            `json:"pods"`
	PodIdentity     *bool            `json:"podIdentityAgent"` // false: the EKS Pod Identity Agent doesn't run on the nodes
	Path            string           `json:"-"`
}

// ClusterIdentity has the cluster's own OpenID Connect issuer.
type ClusterIdentity struct {
	OIDC ClusterOIDC `json:"oidc"`
}

// ClusterOIDC is where the keys are found that sign the cluster's service
// account tokens. AWS makes a new issuer for every cluster.
type ClusterOIDC struct {
	Issuer string `json:"issuer"`
}

// ServiceAccount is a Kubernetes service account. The fields besides its name
// are its annotations eks.amazonaws.com/role-arn, /audience and
// /token-expiration.
type ServiceAccount struct {
	Namespace       string `json:"namespace"` // "" stands for default
	Name            string `json:"name" required:"yes"`
	RoleArn         string `json:"roleArn"`
	Audience        string `json:"audience"`        // "" stands for sts.amazonaws.com
	TokenExpiration int64  `json:"tokenExpiration"` // seconds; 0 stands for 86400
	Path            string `json:"-"`
}

// Pod is a Kubernetes pod.
type Pod struct {
	Name           string `json:"name" required:"yes"`
	Namespace      string `json:"namespace"`      // "" stands for default
	ServiceAccount string `json:"serviceAccount"` // likewise
	Node           string `json:"node"`           // id of the instance that it runs on; "" where unknown
	HostNetwork    bool   `json:"hostNetwork"`
	AccessKeyOf    string `json:"accessKeyOf"` // ARN of the user whose access key stands in the environment; "" for none
	// What was put into the pod when it was created; "" for what the cluster
	// says now.
	Injected string `json:"injected" oneof:"none web-identity pod-identity"`
	Path     string `json:"-"`
}

// PodIdentityAssociation maps a service account to a role, as
// DescribePodIdentityAssociation describes it.
type PodIdentityAssociation struct {
	ClusterName        string   `json:"clusterName" required:"yes"`
	Namespace          string   `json:"namespace" required:"yes"`
	ServiceAccount     string   `json:"serviceAccount" required:"yes"`
	RoleArn            string   `json:"roleArn" required:"yes"`
	AssociationArn     string   `json:"associationArn"` // "" for one made of the rest
	AssociationID      string   `json:"associationId"`  // likewise
	TargetRoleArn      string   `json:"targetRoleArn"`
	ExternalID         string   `json:"externalId"`
	DisableSessionTags bool     `json:"disableSessionTags"`
	Policy             Document `json:"policy"` // a session policy
	Path               string   `json:"-"`
}

// EKSAuthParams are those of AssumeRoleForPodIdentity (Amazon EKS API
// reference).
type EKSAuthParams struct {
	ClusterName string `json:"clusterName"`
	Token       Token  `json:"token"`
}

// WorkloadParams are those of workload:GetCredentials, which is no API call
// of AWS's: it is what an AWS SDK does in a pod to find credentials.
type WorkloadParams struct {
	Cluster   string `json:"cluster" required:"yes"`
	Namespace string `json:"namespace"` // "" stands for default
	Pod       string `json:"pod" required:"yes"`
	// What the SDK does where a provider of the chain is configured and fails:
	// stop (also ""), or continue with the next one.
	OnFailure string `json:"onFailure" oneof:"stop continue"`
}

func ofEKSAuth(c *Call) any  { return &c.EKSAuth }
func ofWorkload(c *Call) any { return &c.Workload }
