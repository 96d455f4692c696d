"""CDKTF constructs, one per file. Each defines the AWS resources of one part of an endpoint or of its environment."""
