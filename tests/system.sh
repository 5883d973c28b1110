#!/bin/sh
# What the tests drive for real and pip cannot bring; `long`: the long ones, too; `lint`: what `make lint` needs alone.
# With root and apt it is installed; otherwise it is named, and what needs it is skipped and says so.
set -eu
missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
PATH="$PATH:/usr/sbin:/sbin"
need npm npm
if [ "${1:-}" != lint ]; then
    need mosquitto mosquitto
    need ejabberdctl ejabberd
    need gpsd gpsd
    need gpsfake "gpsd-clients python3-gps"
    need chromium chromium
    need chromium-headless-shell chromium-headless-shell
    need pdftoppm poppler-utils
    need fusermount3 fuse3
    need strace strace
    need nft nftables
    need shellcheck shellcheck
    need faketime faketime
    need mkfs.ext4 e2fsprogs
    # Debian keeps its programs out of the PATH
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
fi
if [ "${1:-}" = long ]; then
    need debootstrap debootstrap
    need systemd-nspawn "systemd-container dbus"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # services must not start by themselves: the tests start their own
        printf '#!/bin/sh\nexit 101\n' > /tmp/policy-rc.d.roundsman
        [ -e /usr/sbin/policy-rc.d ] || { install -m 755 /tmp/policy-rc.d.roundsman /usr/sbin/policy-rc.d; ours=1; }
        # shellcheck disable=SC2086
        apt-get install -y -qq --no-install-recommends $missing fonts-dejavu-core >/dev/null
        [ -z "${ours:-}" ] || rm -f /usr/sbin/policy-rc.d
        rm -f /tmp/policy-rc.d.roundsman
    else
        echo "not installed, so what needs it will be skipped:$missing" >&2
    fi
fi
[ "${1:-}" = lint ] || [ -e build/asyncapi/3.0.0.json ] || sh tests/contract/fetch_asyncapi.sh || echo "no AsyncAPI schema: its test will be skipped" >&2
[ "${1:-}" = lint ] || [ -d build/checkers ] || sh tests/firmware_config/fetch_checkers.sh || echo "no checkers from Debian: their tests will be skipped" >&2
