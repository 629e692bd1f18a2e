with_token() {
  git -c core.hooksPath=/dev/null -c fetch.fsckObjects=true -c credential.helper= \
    -c credential.helper='!f() { echo username=x-access-token; echo "password=$STACKGEN_TOKEN"; }; f' "$@"
}
state="$(cat "$OUT/state")"
with_token ls-remote "$REMOTE" refs/heads/stackgen/update > "$OUT/seen"
read -r seen rest < "$OUT/seen" || seen=
if test "$state" = nothing; then
  echo "{{ notice }}The project is up to date."
  test -z "$seen" || echo "{{ notice }}The branch stackgen/update has become unnecessary: close its request if that is open, and delete it."
  exit 0
fi
if test -n "$seen"; then
  with_token fetch --quiet --depth=1 "$REMOTE" refs/heads/stackgen/update
  seen="$(git rev-parse FETCH_HEAD)"
  if test "$(git log -1 --format=%ce FETCH_HEAD)" != update@stackgen.invalid; then
    echo "{{ warning }}Somebody works on the branch stackgen/update, so it was left as it is. Merge it, or delete it: the next run makes it anew."
    exit 0
  fi
fi
with_token fetch --quiet "$OUT/update.bundle" stackgen/update
update="$(git rev-parse FETCH_HEAD)"
title='chore: update from the template'
push() {
  with_token push --quiet --force-with-lease="refs/heads/stackgen/update:$seen" "$@" \
    "$REMOTE" "$update:refs/heads/stackgen/update"
}
