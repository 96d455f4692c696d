#!/usr/bin/env bash
# Apply a saved plan if it does what was reviewed: apply.sh PLANS HEAD STACK FINGERPRINT
set -euo pipefail
terraform=${TERRAFORM_BINARY_NAME:-terraform}
plans=$(cd "$1" && pwd)
python -m protected_endpoints.review verify "$plans/$3.json" --fingerprint "$4"
"$terraform" -chdir="$2/stacks/$3" apply -input=false -no-color "$plans/$3.bin"
