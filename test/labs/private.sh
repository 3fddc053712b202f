#!/bin/sh
# private.sh FOLDER PROGRAM…: runs the program with a /run, a /var/lib and a changeable copy of /etc of its own, kept in FOLDER.
# Called in a new mount namespace, so that nothing else sees them and all mounts end with the last process.
set -e
folder=$1
shift
mkdir -p "$folder/run" "$folder/lib" "$folder/etc" "$folder/etc-work"
mount --bind "$folder/run" /run
mount --bind "$folder/lib" /var/lib
if ! mount -t overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc-work" overlay /etc 2>/dev/null; then
  cp -a /etc/. "$folder/etc"
  mount --bind "$folder/etc" /etc
fi
# An engine's identity is kept here; each has its own.
rm -f /etc/docker/key.json
exec "$@"
