#!/usr/bin/env bash
# Synthesize a checkout into its cdktf.out: synth.sh FOLDER
set -euo pipefail
cd "$1"
rm -rf cdktf.out
CDKTF_OUTDIR=cdktf.out PYTHONDONTWRITEBYTECODE=1 python main.py
