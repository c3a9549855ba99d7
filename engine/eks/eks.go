// Package eks plays how a pod of Amazon EKS gets the credentials of a role:
// IAM roles for service accounts, EKS Pod Identity, and the search that an AWS
// SDK makes for either (EKS User Guide; AWS SDKs and Tools Reference Guide).
package eks

import (
	"cmp"
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
	"stsplayground/engine/sts"
	"stsplayground/engine/trace"
)

// Service is the principal that trust policies name for Pod Identity, and the
// audience of its tokens.
const Service = "pods.eks.amazonaws.com"

// cluster is a cluster, and where it is.
type cluster struct {
	*scenario.Cluster
	account *scenario.Account
	region  string
	arn     string
	issuer  string
}

// find is the cluster of that name; account "" stands for any.
func find(s *scenario.Scenario, account, name string) *cluster {
	for i := range s.Accounts {
		a := &s.Accounts[i]
		for j := range a.Clusters {
			if a.Clusters[j].Name == name && (account == "" || account == a.ID) {
				return place(a, &a.Clusters[j])
			}
		}
	}
	return nil
}

// place says where a cluster is, by its ARN or by its issuer, and makes up
// the one that isn't given.
func place(a *scenario.Account, c *scenario.Cluster) *cluster {
	in := &cluster{Cluster: c, account: a, region: "us-east-1", arn: c.Arn, issuer: c.Identity.OIDC.Issuer}
	if parts := strings.SplitN(c.Arn, ":", 6); len(parts) == 6 && parts[3] != "" {
		in.region = parts[3]
	} else if rest, ok := strings.CutPrefix(in.issuer, issuerPrefix); ok {
		in.region, _, _ = strings.Cut(rest, ".")
	}
	if in.arn == "" {
		in.arn = "arn:" + sts.RegionPartition(in.region) + ":eks:" + in.region + ":" + a.ID + ":cluster/" + c.Name
	}
	if in.issuer == "" {
		in.issuer = issuerPrefix + in.region + ".amazonaws.com/id/" + strings.ToUpper(sts.Digits(32, "issuer", in.arn))
	}
	return in
}

// issuerPrefix begins a cluster's issuer, https://oidc.eks.REGION.amazonaws.com/id/…
const issuerPrefix = "https://oidc.eks."

// association is that of a service account; nil where it has none.
func (c *cluster) association(namespace, serviceAccount string) *scenario.PodIdentityAssociation {
	for i := range c.account.PodIdentityAssociations {
		a := &c.account.PodIdentityAssociations[i]
		if a.ClusterName == c.Name && a.Namespace == namespace && a.ServiceAccount == serviceAccount {
			return a
		}
	}
	return nil
}

// whyNoAssociation says which associations the cluster has instead.
func (c *cluster) whyNoAssociation(namespace, serviceAccount string) string {
	var others []string
	for i := range c.account.PodIdentityAssociations {
		a := &c.account.PodIdentityAssociations[i]
		switch {
		case a.ClusterName != c.Name:
		case a.ServiceAccount == serviceAccount:
			return "The association of " + a.ServiceAccount + " is for the namespace " + source.Clip(a.Namespace) + ", and the pod's service account is in " + source.Clip(namespace) + "."
		case len(others) < 4:
			others = append(others, a.Namespace+"/"+a.ServiceAccount)
		}
	}
	if others == nil {
		return "The cluster has no Pod Identity association."
	}
	return "The cluster has associations for " + strings.Join(others, ", ") + "."
}

func (c *cluster) pod(namespace, name string) *scenario.Pod {
	for i := range c.Pods {
		if p := &c.Pods[i]; p.Name == name && orDefault(p.Namespace) == namespace {
			return p
		}
	}
	return nil
}

func (c *cluster) serviceAccount(namespace, name string) *scenario.ServiceAccount {
	for i := range c.ServiceAccounts {
		if a := &c.ServiceAccounts[i]; a.Name == name && orDefault(a.Namespace) == namespace {
			return a
		}
	}
	return nil
}

// orDefault is a namespace, or a service account.
func orDefault(name string) string { return cmp.Or(name, "default") }

// Issuers are the identity providers of clusters, which AWS runs.
func Issuers(s *scenario.Scenario) (issuers []scenario.Issuer) {
	known := map[string]bool{}
	for i := range s.Issuers {
		known[s.Issuers[i].URL] = true
	}
	for i := range s.Accounts {
		for j := range s.Accounts[i].Clusters {
			c := place(&s.Accounts[i], &s.Accounts[i].Clusters[j])
			if !known[c.issuer] {
				known[c.issuer] = true
				issuers = append(issuers, scenario.Issuer{URL: c.issuer, Signing: []scenario.Signing{{}}, Path: c.Path + "/identity/oidc"})
			}
		}
	}
	return issuers
}

// Findings are about Pod Identity associations.
func Findings(s *scenario.Scenario) (findings []trace.Finding) {
	say := func(rule *trace.Rule, path, detail string) {
		findings = append(findings, rule.Finding(trace.SeverityError, trace.At{Path: path}, detail))
	}
	for i := range s.Accounts {
		a := &s.Accounts[i]
		seen := make(map[[3]string]bool, len(a.PodIdentityAssociations))
		for j := range a.PodIdentityAssociations {
			p := &a.PodIdentityAssociations[j]
			key := [3]string{p.ClusterName, p.Namespace, p.ServiceAccount}
			if seen[key] {
				say(&findOneRole, p.Path, "The service account "+p.Namespace+"/"+p.ServiceAccount+" of "+p.ClusterName+" has an association before this one, which counts; AWS refuses a second.")
			}
			seen[key] = true
			if p.Policy.Given() && !p.DisableSessionTags {
				say(&findPolicyTags, p.Path+"/policy", "An association with a session policy has to set disableSessionTags to true; AWS refuses this one. It is played with both.")
			}
			if parts := strings.SplitN(p.RoleArn, ":", 6); len(parts) == 6 && parts[4] != a.ID {
				say(&findRoleAccount, p.Path+"/roleArn", "The role is in account "+source.Clip(parts[4])+", and the cluster in "+a.ID+"; a role of another account goes into targetRoleArn, with one of the cluster's own in roleArn.")
			}
		}
	}
	return findings
}
