#!/bin/sh
# Puts the units and the kiosk's first page below ROOT: `sh firmware_config/install.sh /` on the computer itself, or the
# root of an image. Nothing is started. The files of common/ and of the board come at the first boot, by `roundsman
# provision image-files`.
set -eu
root="${1:?give the root to install into, / for this computer}"
here="$(cd "$(dirname "$0")" && pwd)"
[ -d "$root" ] || { echo "install.sh: $root: no such folder" >&2; exit 2; }
install -D -m 644 "$here/kiosk/starting.html" "$root/usr/share/roundsman/starting.html"
units="roundsman-vehicle.service roundsman-kiosk.service roundsman-clock.service roundsman-enrol.service roundsman-renew.service roundsman-renew.timer
    roundsman-fetch.service roundsman-fetch.timer roundsman-fetch.path roundsman-update.service roundsman-update.timer"
for unit in $units; do
    install -D -m 644 "$here/../systemd/$unit" "$root/etc/systemd/system/$unit"
done
# A computer that sleeps loses minutes: whatever asks for it (a desktop's settings, a lid) finds nothing to start.
for target in sleep suspend hibernate hybrid-sleep suspend-then-hibernate; do
    ln -sfn /dev/null "$root/etc/systemd/system/$target.target"
done
