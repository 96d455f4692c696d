#!/usr/bin/env bash
# Synthesize a checkout into its cdktf.out: synth.sh FOLDER
set -euo pipefail
cd "$1"
# It may contain the only copy of a state that Terraform could not save; main.py prints how to save it.
[ -n "$(find cdktf.out -name errored.tfstate 2>/dev/null)" ] || rm -rf cdktf.out
CDKTF_OUTDIR=cdktf.out PYTHONDONTWRITEBYTECODE=1 python main.py
