package cognito

import (
	"strings"

	"stsplayground/engine/scenario"
	"stsplayground/engine/source"
)

// guestServices are what the inline session policy leaves a guest of the
// enhanced flow ("IAM roles", the inline session policy for guest users), in
// the Regions that are enabled by default.
const guestServices = "cloudwatch:* logs:* dynamodb:* kinesis:* mobileanalytics:* s3:* ses:* sns:* sqs:* lambda:* machinelearning:* execute-api:* " +
	"iot:* gamelift:* cognito-identity:* cognito-idp:* lex:* polly:* comprehend:* translate:* transcribe:* rekognition:* mobiletargeting:* firehose:* " +
	"appsync:* personalize:* sagemaker:InvokeEndpoint cognito-sync:* codewhisperer:* textract:DetectDocumentText textract:AnalyzeDocument sdb:*"

// guestPolicy is the managed policy that comes with it.
const guestPolicy = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"

// scopeDown are the session policies of a guest's session.
func scopeDown(p *scenario.Params) {
	allow := source.Node{Kind: source.Object, Members: []source.Member{
		{Name: "Effect", Value: text("Allow")}, {Name: "Action", Value: list(strings.Fields(guestServices))}, {Name: "Resource", Value: list([]string{"*"})},
	}}
	p.Policy = scenario.Document{Node: source.Node{Kind: source.Object, Members: []source.Member{
		{Name: "Version", Value: text("2012-10-17")}, {Name: "Statement", Value: source.Node{Kind: source.Array, Items: []source.Node{allow}}},
	}}}
	p.PolicyArns = []scenario.PolicyArn{{ARN: guestPolicy}}
}
