#!/usr/bin/env bash
# Makes the reports in this folder anew: the example's second quarter as a page, and a picture of the page.
# The picture needs Chromium and `npm ci` in tests/browser; without them only the page is made.
set -euo pipefail
cd "$(dirname "$0")/.."
export PLAN_LANG=zh
cargo run --quiet -- report --quarter 2 --as-of 2023-06-30 --file examples/shiyan.yaml --format html -o docs/shiyan-2023Q2.html
chromium="${PLAN_CHROMIUM:-/usr/bin/chromium}"
if [ -x "$chromium" ] && [ -d tests/browser/node_modules ]; then
  node tests/browser/picture.mjs docs/shiyan-2023Q2.html docs/shiyan-2023Q2.png "$chromium"
else
  echo "no picture: it needs Chromium and npm ci in tests/browser" >&2
fi
