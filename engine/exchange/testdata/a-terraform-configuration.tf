data "aws_caller_identity" "me" {}
variable "repo" {
  type    = string
  default = "acme/app"
}
locals { host = "token.actions.githubusercontent.com" }
resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://${local.host}" # the issuer
  client_id_list  = ["sts.amazonaws.com"]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.host}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${replace(aws_iam_openid_connect_provider.github.url, "https://", "")}:sub"
      values   = ["repo:${var.repo}:*"]
    }
  }
}
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags = { Team = "web", "a b" = var.unknown }
}
resource "aws_iam_role_policy" "b" {
  role = aws_iam_role.deploy.id
  name = "bucket"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"]
      Resource = "arn:aws:s3:::b/$${aws:username}/*" # x "
    }]
  })
}
resource "aws_iam_role" "other" {
  name = "other"
  assume_role_policy = <<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"},"Action":"sts:AssumeRole"}]
    }
  EOF
}
resource "aws_iam_role_policy_attachment" "ro" {
  role       = aws_iam_role.deploy.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_vpc_endpoint" "sts" {
  vpc_id       = "vpc-0a1b2c3d4e5f67890"
  service_name = "com.amazonaws.us-east-1.sts"
}
resource "aws_vpc_endpoint_policy" "sts" {
  vpc_endpoint_id = aws_vpc_endpoint.sts.id
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sts:*", Resource = "*" }] })
}
resource "aws_sns_topic_policy" "alarms" {
  arn    = "arn:aws:sns:us-east-1:210987654321:alarms"
  policy = jsonencode({ Statement = [] })
}
resource "aws_sns_topic_policy" "unknown" {
  arn    = aws_sns_topic.unknown.arn
  policy = jsonencode({ Statement = [] })
}
