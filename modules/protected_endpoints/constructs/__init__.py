"""CDKTF constructs, one a file."""
