"""The Terraform types of the resources that several parts of the review look at."""

ENDPOINT = "aws_sagemaker_endpoint"
CONFIGURATION = "aws_sagemaker_endpoint_configuration"
MODEL = "aws_sagemaker_model"
ROLE_POLICIES_EXCLUSIVE = "aws_iam_role_policies_exclusive"
BUCKET = "aws_s3_bucket"
BUCKET_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
