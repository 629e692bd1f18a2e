{{ checks.walk.serve }} &
trap "kill $!" EXIT
curl --silent --fail --retry 120 --retry-delay 1 --retry-connrefused "$E2E_URL/livez"
{{ checks.walk.run }}
