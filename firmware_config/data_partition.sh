#!/bin/sh
# Makes the data partition of a unit behind the systems on its card or disk: `sh data_partition.sh /dev/sdX [GiB]`. It begins
# where the root file system may end (12 GiB, or what is said), has all the room behind, and the label that `seal` looks
# for. On a card of Raspberry Pi OS: after the image was written, before the first boot, which lets the root grow up to it.
set -eu
device="${1:?give the card or disk, such as /dev/sdX}"
after_gib="${2:-12}"
label=roundsman-data
[ -b "$device" ] || [ -f "$device" ] || { echo "data_partition.sh: $device: no card or disk" >&2; exit 2; }
# with -o the answer is the same whichever table it is
start=$((after_gib * 1024 * 1024 * 2))
if sfdisk --quiet --list --output Start "$device" | grep -qx " *$start"; then
    echo "data_partition.sh: $device has a partition there already; nothing was changed" >&2
    exit 2
fi
size=$(sfdisk --show-size "$device" 2> /dev/null || echo $(($(stat -c %s "$device") / 1024)))
if [ $((size / 1024 / 1024)) -le "$after_gib" ]; then
    echo "data_partition.sh: $device: has no room behind $after_gib GiB; take a larger one, or say fewer GiB" >&2
    exit 2
fi
echo "start=$start, type=linux" | sfdisk --quiet --append --no-reread "$device"
sectors=$(sfdisk --quiet --list --output Start,Sectors "$device" | awk -v start="$start" '$1 == start { print $2 }')
mkfs.ext4 -q -F -L "$label" -E "offset=$((start * 512))" "$device" "$((sectors / 2))k"
sync "$device"
