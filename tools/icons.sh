#!/bin/sh
# Renders the PNG icons from their SVG sources with Chromium.
# Usage: tools/icons.sh
set -eu

cd "$(dirname "$0")/../static/icons"

# SVG source, side in pixels, PNG.
render() {
    page=$(mktemp --suffix=.html)
    profile=$(mktemp -d)
    printf '<style>*{margin:0}img{display:block;width:%dpx}</style><img src="file://%s">' "$2" "$PWD/$1" >"$page"
    chromium --headless=new --no-sandbox --disable-gpu --disable-sync --no-first-run \
        --disable-background-networking --disable-component-update --hide-scrollbars \
        --user-data-dir="$profile" --default-background-color=00000000 \
        --window-size="$2,$2" --screenshot="$PWD/$3" "file://$page" 2>/dev/null
    rm -rf "$page" "$profile"
}

render undertone.svg 192 undertone-192.png
render undertone.svg 512 undertone-512.png
render undertone-maskable.svg 512 undertone-maskable-512.png
