#!/bin/sh
# Terraform as `make` lets cdktf run it. After Ctrl-C cdktf hands that on and ends at once, and the terminal that it closes
# would kill Terraform, with its state not saved and locked. Without that signal Terraform saves and unlocks it.
trap '' HUP
exec terraform "$@"
