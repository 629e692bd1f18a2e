push
open_request() {
  gh pr create --head stackgen/update --base "$BASE" --title "$title" --body-file "$OUT/text" "$@"
}
number="$(gh pr list --head stackgen/update --base "$BASE" --json number,isCrossRepository \
  --jq 'map(select(.isCrossRepository | not))[0].number // empty')"
# Not every plan of GitHub's has drafts.
if test -z "$number" && test "$state" = conflicts; then
  open_request --draft || open_request
elif test -z "$number"; then
  open_request
else
  gh api --silent --method PATCH "repos/{owner}/{repo}/pulls/$number" --field "body=@$OUT/text"
  if test "$state" = conflicts; then gh pr ready "$number" --undo || true; else gh pr ready "$number"; fi
fi
