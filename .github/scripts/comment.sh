#!/usr/bin/env bash
# Keep the comments of a pull request up to date: comment.sh NOTICE.md REVIEWS
# Each file review-NAME.md of the folder REVIEWS is a comment, which begins with the notice. Its first line identifies it.
# An earlier comment whose file is missing now says so. Without any file, the notice is a comment, unless it is empty.
set -euo pipefail
notice=$1 reviews=$2
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
own_comments='.[] | select(.user.login == "github-actions[bot]") | select(.body | startswith("<!-- review of "))
  | "\(.id) \(.body | split("\n")[0] | rtrimstr("\r"))"'
earlier=$(gh api --paginate "$comments" --jq "$own_comments")
body=$(mktemp)
trap 'rm -f "$body"' EXIT

comment() {
  marker="<!-- review of $1 -->"
  shift
  { echo "$marker" && cat "$@"; } >"$body"
  id=$(sed -n "s/^\([0-9]*\) $marker\$/\1/p" <<<"$earlier" | head -n 1)
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$body"
  else
    gh api --silent --method POST "$comments" --field "body=@$body"
  fi
}

names=$(find "$reviews" -name 'review-*.md' 2>/dev/null | sed -nE 's/.*\/review-([a-z0-9_-]+)\.md$/\1/p' | sort)
for name in $names; do
  comment "$name" "$notice" "$reviews/review-$name.md"
done
if [ -z "$names" ] && [ -s "$notice" ]; then
  names=pull-request
  comment "$names" "$notice"
fi
sed -nE 's/^[0-9]+ <!-- review of ([a-z0-9_-]+) -->$/\1/p' <<<"$earlier" | sort -u | while read -r name; do
  grep -qx -- "$name" <<<"$names" || comment "$name" - <<<$'## Not reviewed\n\nThe latest commits change nothing here, or their check failed before.'
done
