package scenario

import (
	"reflect"
	"strings"
	"sync"
	"time"
)

// shape is what an object of the scenario may hold, read off its Go type.
type shape struct {
	fields  map[string]field
	names   []string          // of fields, in the type's order
	ignored map[string]bool   // what AWS's output carries besides
	meant   map[string]string // names of other AWS output, and the scenario's field for the same thing
	pointer int               // index of the field that takes the object's JSON Pointer, -1 without one
}

type field struct {
	index    int
	required bool
	oneof    []string
}

// besides lists what AWS's own output carries about an object and a scenario
// has no use for, so that the output can be pasted in (IAM API reference, data
// types Role, User, Group, Policy; GetOpenIDConnectProvider; GetSAMLProvider;
// GetRolePolicy and its like).
var besides = map[reflect.Type]string{
	reflect.TypeFor[Scenario]():      "$schema", // where an editor finds the schema of a JSON file
	reflect.TypeFor[Role]():          "Arn RoleId CreateDate Description RoleLastUsed InstanceProfileList",
	reflect.TypeFor[User]():          "Arn UserId CreateDate PasswordLastUsed",
	reflect.TypeFor[Group]():         "Arn GroupId CreateDate",
	reflect.TypeFor[ManagedPolicy](): "Arn PolicyId CreateDate UpdateDate DefaultVersionId AttachmentCount PermissionsBoundaryUsageCount IsAttachable Description Tags",
	reflect.TypeFor[InlinePolicy]():  "RoleName UserName GroupName",
	reflect.TypeFor[OIDCProvider]():  "Arn CreateDate",
	reflect.TypeFor[SAMLProvider]():  "Arn CreateDate ValidUntil PrivateKeyList",
	reflect.TypeFor[VPCEndpoint]():   "VpcEndpointType State RouteTableIds SubnetIds Groups IpAddressType DnsOptions PrivateDnsEnabled RequesterManaged NetworkInterfaceIds DnsEntries CreationTimestamp Tags OwnerId ServiceRegion",

	reflect.TypeFor[TrustAnchor]():              "trustAnchorId createdAt updatedAt notificationSettings",
	reflect.TypeFor[AnywhereProfile]():          "profileId createdAt updatedAt createdBy requireInstanceProperties",
	reflect.TypeFor[Revocations]():              "crlId crlData createdAt updatedAt",
	reflect.TypeFor[Cluster]():                  "createdAt version endpoint roleArn resourcesVpcConfig kubernetesNetworkConfig logging status certificateAuthority clientRequestToken platformVersion tags encryptionConfig connectorConfig id health outpostConfig accessConfig upgradePolicy zonalShiftConfig remoteNetworkConfig computeConfig storageConfig deletionProtection",
	reflect.TypeFor[PodIdentityAssociation]():   "tags createdAt modifiedAt ownerArn",
	reflect.TypeFor[InstanceProfile]():          "Arn InstanceProfileId CreateDate Tags",
	reflect.TypeFor[InstanceProfileRef]():       "Id",
	reflect.TypeFor[MetadataOptions]():          "State HttpProtocolIpv6 InstanceMetadataTags",
	reflect.TypeFor[Instance]():                 "AmiLaunchIndex ImageId InstanceType KeyName LaunchTime Monitoring Placement PrivateDnsName ProductCodes PublicDnsName PublicIpAddress State StateTransitionReason StateReason SubnetId Architecture BlockDeviceMappings ClientToken EbsOptimized EnaSupport Hypervisor NetworkInterfaces RootDeviceName RootDeviceType SecurityGroups SourceDestCheck Tags VirtualizationType CpuOptions CapacityReservationSpecification HibernationOptions EnclaveOptions PlatformDetails UsageOperation UsageOperationUpdateTime PrivateDnsNameOptions MaintenanceOptions CurrentInstanceBootMode Platform InstanceLifecycle SpotInstanceRequestId BootMode Ipv6Address NetworkPerformanceOptions Operator",
	reflect.TypeFor[IdentityPool]():             "IdentityPoolTags CognitoStreams PushSync ResponseMetadata",
	reflect.TypeFor[PrincipalTagAttributeMap](): "IdentityPoolId ResponseMetadata",
	reflect.TypeFor[IdentityCenter]():           "Name CreatedDate Status StatusReason",
	reflect.TypeFor[PortalUser]():               "IdentityStoreId ExternalIds Name NickName ProfileUrl Addresses PhoneNumbers UserType Title PreferredLanguage Locale Timezone CreatedAt CreatedBy UpdatedAt UpdatedBy",
	reflect.TypeFor[PortalGroup]():              "IdentityStoreId Description ExternalIds CreatedAt CreatedBy UpdatedAt UpdatedBy",
	reflect.TypeFor[PermissionSet]():            "Description InstanceArn PermissionSetArn CreatedDate Tags",
	reflect.TypeFor[Assignment]():               "TargetType",
	reflect.TypeFor[VirtualMFADevice]():         "QRCodePNG User EnableDate Tags",
	reflect.TypeFor[Organization]():             "OrganizationId",
}

// elsewhere has the names under which GetAccountAuthorizationDetails lists
// what a scenario has too. They hold permissions, so they aren't ignored.
var elsewhere = map[reflect.Type]map[string]string{
	reflect.TypeFor[Role]():          {"RolePolicyList": "Policies", "AttachedManagedPolicies": "AttachedPolicies"},
	reflect.TypeFor[User]():          {"UserPolicyList": "Policies", "AttachedManagedPolicies": "AttachedPolicies", "GroupList": "Groups"},
	reflect.TypeFor[Group]():         {"GroupPolicyList": "Policies", "AttachedManagedPolicies": "AttachedPolicies"},
	reflect.TypeFor[ManagedPolicy](): {"PolicyVersionList": "PolicyDocument"},
}

// shapes has the shape of every struct that a scenario holds. It is made
// once, on first use, and only read afterwards.
var shapes = sync.OnceValue(func() map[reflect.Type]*shape {
	all := map[reflect.Type]*shape{}
	addShape(all, reflect.TypeFor[Scenario]())
	addShape(all, reflect.TypeFor[Mint]())
	addShape(all, reflect.TypeFor[Unsigned]())
	addShape(all, reflect.TypeFor[CertificateMint]())
	for _, o := range operations {
		addShape(all, reflect.TypeOf(o.into(new(Call))))
	}
	return all
})

func addShape(all map[reflect.Type]*shape, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || all[t] != nil {
		return
	}
	switch t {
	case reflect.TypeFor[Document](), reflect.TypeFor[Token](), reflect.TypeFor[Certificate](), reflect.TypeFor[IdentityID](), reflect.TypeFor[ContextKey](), reflect.TypeFor[time.Time]():
		return // these are written otherwise than their Go fields
	}
	s := &shape{fields: map[string]field{}, ignored: map[string]bool{}, meant: elsewhere[t], pointer: -1}
	all[t] = s
	for _, name := range strings.Fields(besides[t]) {
		s.ignored[name] = true
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("json")
		switch name {
		case "":
			name = f.Name
		case "-":
			if f.Name == "Path" {
				s.pointer = i
			}
			continue
		}
		s.fields[name] = field{index: i, required: f.Tag.Get("required") != "", oneof: strings.Fields(f.Tag.Get("oneof"))}
		s.names = append(s.names, name)
		addShape(all, f.Type)
	}
}

// What can be said of a token that the playground mints, by the parameter
// that takes it.
var (
	mintToken     = []string{"issuer", "profile", "claims", "header", "attack"}
	mintAssertion = []string{"issuer", "profile", "nameId", "attributes", "recipient", "audience", "times", "sign", "encrypt", "attack", "forgedRole"}
)
