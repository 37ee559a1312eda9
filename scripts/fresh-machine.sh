#!/usr/bin/env bash
# The two commands of the README, and the slow tests, on a machine with Node and git and none of the tools that tests make use of: in a clone
# below a path with a space, and in an empty home. With arguments it runs them as a command on such a machine instead.
set -u
cd "$(dirname "$0")/.." || exit 1

tools='bwrap rg strace tmux faketime openssl psql pg_dump sqlite3 chromium chromium-browser google-chrome firefox pgbouncer docker less ps xclip wl-paste wl-copy zsh fish pwsh'
# They compile sqlite3, and are gone for the tests.
compilers='python python3 gcc g++ cc c++ make'
bubblewraps=(/usr/bin/bwrap /usr/local/bin/bwrap /run/current-system/sw/bin/bwrap)

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/bin" "$place/home"

# Of programs of the same name the first is taken, as a PATH does it.
IFS=: read -ra folders <<<"$PATH"
for folder in "${folders[@]}"; do ln -s "$folder"/* "$place/bin/" 2>/dev/null; done
for name in $tools; do rm -f "$place/bin/$name"; done

# How npm reaches its registry is kept; where it would find headers to compile with is not.
: >"$place/npmrc"
for level in user global; do
  file=$(npm config get "${level}config")
  [ ! -f "$file" ] || grep -vE '^ *(nodedir|prefix) *=' "$file" >"$place/$level"
done
[ ! -f "$place/user" ] || install -m 600 "$place/user" "$place/home/.npmrc"
[ ! -f "$place/global" ] || mv "$place/global" "$place/npmrc"
variables=(HOME="$place/home" PATH="$place/bin" LANG=C.UTF-8 TERM=dumb npm_config_globalconfig="$place/npmrc")
while IFS= read -r -d '' variable; do
  case $variable in
    npm_config_nodedir=* | npm_config_prefix=* | npm_config_userconfig=* | npm_config_globalconfig=*) ;;
    npm_config_* | http_proxy=* | https_proxy=* | no_proxy=* | HTTP_PROXY=* | HTTPS_PROXY=* | NO_PROXY=* | \
      NODE_EXTRA_CA_CERTS=* | SSL_CERT_FILE=* | SSL_CERT_DIR=*) variables+=("$variable") ;;
  esac
done < <(env -0)

# Synapse looks for bubblewrap in fixed places, so the PATH does not hide it: a file that cannot be run takes its place.
hide='for program in "$@"; do [ "$program" != -- ] || break; shift; [ ! -e "$program" ] || mount --bind "$0" "$program" || exit 1; done; shift; exec "$@"'
: >"$place/nothing"
wrapper=(unshare -m sh -c "$hide" "$place/nothing" "${bubblewraps[@]}" --)
if ! "${wrapper[@]}" true 2>/dev/null; then
  wrapper=()
  for program in "${bubblewraps[@]}"; do
    [ ! -e "$program" ] || echo "fresh-machine: $program can only be hidden by root"
  done
fi
bare() { env -i "${variables[@]}" ${wrapper[@]+"${wrapper[@]}"} "$@"; }

if [ $# -gt 0 ]; then
  bare "$@"
  exit
fi

git clone -q . "$place/a clone" && cd "$place/a clone" || exit 1
bare ./synapse --provider demo "Hello" || exit 1
for name in $compilers; do rm -f "$place/bin/$name"; done
bare npm test || exit 1
bare npm run --silent test:slow
