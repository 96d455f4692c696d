#!/usr/bin/env bash
# Synthesize a checkout into its cdktf.out: synth.sh FOLDER
set -euo pipefail
cd "$1"
# A state that Terraform could not save is in there alone; main.py says what to do about it.
[ -n "$(find cdktf.out -name errored.tfstate 2>/dev/null)" ] || rm -rf cdktf.out
CDKTF_OUTDIR=cdktf.out PYTHONDONTWRITEBYTECODE=1 python main.py
