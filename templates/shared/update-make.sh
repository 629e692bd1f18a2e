host='[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~+%-]+)+'
commit="git\+(https://|ssh://git@)$host@[0-9a-f]{40}"
wheel="https://$host\.whl#sha256=[0-9a-f]{64}"
if ! [[ "$STACKGEN_SOURCE" =~ ^($commit|$wheel)$ ]]; then
  echo "{{ error }}STACKGEN_SOURCE must be git+https://HOST/PATH@COMMIT or https://HOST/PATH.whl#sha256=HASH, COMMIT and HASH in full." >&2
  exit 1
fi
if grep --quiet '^_standard:' .copier-answers.yml && test -z "$STACKGEN_STANDARD"; then
  echo "{{ error }}This project follows a standard, so the variable STACKGEN_STANDARD must name its address." >&2
  exit 1
fi
if test -n "$STACKGEN_READ_TOKEN"; then
  git config --global "credential.$SERVER.helper" \
    '!f() { echo username=token; echo "password=$STACKGEN_READ_TOKEN"; }; f'
fi
tool="$(mktemp -d)"
python3 -m venv --without-pip "$tool"
python3 -m pip --python "$tool" install --quiet "stackgen @ $STACKGEN_SOURCE"
mkdir -p "$OUT"
git switch --quiet --force-create stackgen/update
ended=0
"$tool/bin/stackgen" update --no-config --defaults --markdown \
  ${STACKGEN_STANDARD:+"--standard=$STACKGEN_STANDARD"} > "$OUT/plan" || ended=$?
case "$ended" in
  0) state=clean ;;
  3) state=conflicts ;;
  *) exit "$ended" ;;
esac
git add --update
if git diff --cached --quiet; then
  state=nothing
fi
if test "$state" = conflicts; then
  printf '%s\n' 'The files in conflict are committed with both texts, for a person to finish:' '' \
    '    git fetch origin && git switch stackgen/update' \
    '    git commit --all && git push' '' \
    'In between, edit them from each `<<<<<<<` to its `>>>>>>>`; then mark the request as ready.' '' > "$OUT/text"
fi
cat "$OUT/plan" >> "$OUT/text"
if test "$state" != nothing; then
  { echo 'chore: update from the template'; echo; cat "$OUT/text"; } > "$OUT/message"
  export GIT_AUTHOR_NAME=stackgen GIT_AUTHOR_EMAIL=update@stackgen.invalid
  export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
  git commit --quiet --file "$OUT/message"
  git bundle create --quiet "$OUT/update.bundle" HEAD^..stackgen/update
fi
echo "$state" > "$OUT/state"
