#!/bin/sh
# Installs what the runtime needs into the current folder, which holds package.json, package-lock.json and .npmrc, and
# removes what the image has no use for: onnxruntime for other systems, and the bundled ffmpeg, as Debian's is there.
set -eu
npm ci --omit=dev --omit=peer --no-audit --no-fund
cpu=$(node -p process.arch)
for folder in node_modules/onnxruntime-node/bin/napi-v6/*/*; do
	case $folder in */linux/"$cpu") ;; *) rm -r "$folder" ;; esac
done
rm -rf "node_modules/@ffmpeg-installer/linux-$cpu" "node_modules/@ffprobe-installer/linux-$cpu"
