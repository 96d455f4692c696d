"""An AWS emulator in a local process, and demonstrations that deploy to it without an AWS account."""
