#!/bin/sh
# Writes into sw.js and files.json which files make up this build, with SHA-256 and size each, and
# the version: a hash over that list and sw.js itself, so that two versions never share
# a cache. Run by Trunk after every build.
set -eu

cd "${TRUNK_STAGING_DIR:?run by trunk as a post_build hook}"
export LC_ALL=C

sha256() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum "$1" | cut -d ' ' -f 1
    else
        shasum -a 256 "$1" | cut -d ' ' -f 1
    fi
}

list=$(mktemp)
trap 'rm -f "$list" sw.js.new' EXIT

find . -type f ! -name sw.js ! -name 'sw.js.new' ! -name files.json ! -name '.*' | sort | while IFS= read -r path; do
    url=${path#./}
    # Servers answer for the folder in different ways; for the page's address in one.
    [ "$url" = index.html ] && url=./
    printf '{"url":"%s","sha256":"%s","bytes":%d}\n' "$url" "$(sha256 "$path")" "$(wc -c <"$path")"
done >"$list"

# The page tells its size from the same list, and the list stands in it too.
printf '[%s]\n' "$(paste -sd , "$list")" >files.json
printf '{"url":"files.json","sha256":"%s","bytes":%d}\n' "$(sha256 files.json)" "$(wc -c <files.json)" >>"$list"

version=$(cat "$list" sw.js | sha256 - | cut -c 1-16)
set_line="const SET = {\"version\":\"$version\",\"files\":[$(paste -sd , "$list")]};"

grep -q '^const SET = ' sw.js || { echo "precache.sh: sw.js has no line 'const SET = '" >&2; exit 1; }
SET_LINE=$set_line awk '/^const SET = / { print ENVIRON["SET_LINE"]; next } { print }' sw.js >sw.js.new
mv sw.js.new sw.js
