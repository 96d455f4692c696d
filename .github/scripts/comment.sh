#!/usr/bin/env bash
# Keep one comment of a pull request up to date: comment.sh KEY REVIEW.md
# The first line identifies the comment. Without a review, the comment reports that planning failed.
set -euo pipefail
marker="<!-- review of $1 -->"
body=$(mktemp)
trap 'rm -f "$body"' EXIT
echo "$marker" >"$body"
if [ -f "$2" ]; then
  cat "$2" >>"$body"
else
  printf '## %s could not be planned\n\nThe log of the check contains the reason.\n' "$1" >>"$body"
fi
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
own_comments='.[] | select(.user.login == "github-actions[bot]") | select(.body | startswith("'"$marker"'")) | .id'
earlier=$(gh api --paginate "$comments" --jq "$own_comments" | sed -n 1p)
if [ -n "$earlier" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" --field "body=@$body"
else
  gh api --silent --method POST "$comments" --field "body=@$body"
fi
