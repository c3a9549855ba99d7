package cognito

import (
	"strings"

	"stsplayground/engine/scenario"
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
	p.Policy = document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + quoted(strings.Fields(guestServices)) + `],"Resource":["*"]}]}`)
	p.PolicyArns = []scenario.PolicyArn{{ARN: guestPolicy}}
}
