#!/bin/sh
# The browser tests drive a Chromium of the system; as root on Debian it is installed when absent.
# Elsewhere, QA_TEST_CHROMIUM names the browser's program.
set -eu
if [ -n "${QA_TEST_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core >/dev/null
    exit 0
fi
echo "make test: the browser tests need Chromium: install it, or set QA_TEST_CHROMIUM to its path" >&2
exit 1
