package sts

import "strings"

// roleARN is arn:PARTITION:iam::ACCOUNT:role/PATH/NAME. Path begins and ends
// with a slash.
type roleARN struct {
	Partition, Account, Path, Name string
}

// isARN says whether s has an ARN's six parts.
func isARN(s string) bool {
	return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5
}

// parseRoleARN reads a role's ARN; false for anything else.
func parseRoleARN(s string) (roleARN, bool) {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[1] == "" || parts[2] != "iam" || parts[3] != "" || !isAccountID(parts[4]) {
		return roleARN{}, false
	}
	path, ok := strings.CutPrefix(parts[5], "role/")
	slash := strings.LastIndexByte(path, '/')
	name := path[slash+1:]
	if !ok || name == "" {
		return roleARN{}, false
	}
	return roleARN{Partition: parts[1], Account: parts[4], Path: "/" + path[:slash+1], Name: name}, true
}

func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// partitionIn is the partition that an ARN names.
func partitionIn(arn string) string {
	partition, _, _ := strings.Cut(strings.TrimPrefix(arn, "arn:"), ":")
	return partition
}

// regionPartitions are the partitions besides aws, by what the codes of their
// Regions begin with.
var regionPartitions = [...]struct{ region, partition string }{
	{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"eusc-", "aws-eusc"},
	{"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"}, {"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"},
}

// partitionOf is the partition that an AWS Region belongs to.
func partitionOf(region string) string {
	for _, p := range regionPartitions {
		if strings.HasPrefix(region, p.region) {
			return p.partition
		}
	}
	return "aws"
}
