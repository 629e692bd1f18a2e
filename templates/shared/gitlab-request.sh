test "$state" != conflicts || title="Draft: $title"
set -- -o merge_request.create -o "merge_request.target=$CI_DEFAULT_BRANCH" -o "merge_request.title=$title" \
  -o merge_request.remove_source_branch
# The text of a new request is the message of its commit; a push can give one line alone.
test -z "$seen" || set -- "$@" -o "merge_request.description=What this does is the message of commit $update."
push "$@"
