"""Regular expressions that several types share."""

WORD = r"[a-z0-9]+(-[a-z0-9]+)*"
ARN = r"arn:aws[a-z-]*"
# An S3 object key is part of IAM resources and Terraform strings, so it has no wildcards and no templates.
S3_KEY = r"[A-Za-z0-9!_.'()/=@:+,&-]"
# The last character of a key before its slashes, so that only the root of a bucket has an empty key.
S3_KEY_END = r"[A-Za-z0-9!_.'()=@:+,&-]"
S3_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
TEXT = r"[^${}%\x00-\x1f\x7f-\x9f]"  # one line: no control characters
