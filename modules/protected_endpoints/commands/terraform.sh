#!/bin/sh
# Terraform as `protected-endpoints with-mirror cdktf` and `make` run it, in the folder of a stack. After Ctrl-C cdktf hands that on and ends at once, and
# the terminal that it closes would kill Terraform, with its state not saved and locked. Without that signal Terraform
# saves and unlocks it.
trap '' HUP
# A plan shows every update of an endpoint, also those that SageMaker refuses minutes after the apply has begun.
case " $* " in
*" -destroy "*) ;;
" plan "* | " apply "*)
  export PYTHONPATH="${0%/*}/../.."
  (cd ../../.. && python -m protected_endpoints unsupported-updates "${OLDPWD##*/}") || exit 1
  ;;
esac
exec "${WRAPPED_TERRAFORM:-terraform}" "$@"
