#!/bin/sh
# Does in a bare folder what the image's cpu target does, for machines without a Docker engine: installs and trims the
# modules, adds the built package, and starts the container's program until /healthz answers. Build first, or name the
# folder of a build:  sh scripts/image-root.sh [DIST]
set -eu
project=$(cd "$(dirname "$0")/.." && pwd)
dist=$(cd "${1:-$project/dist}" && pwd)
root=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } || true; rm -rf "$root"' EXIT
mkdir "$root/app" "$root/home"
cd "$root/app"
cp "$project/package.json" "$project/package-lock.json" "$project/.npmrc" "$project/LICENSE" "$project/NOTICE" "$project/gpu-runtime/start.sh" .
sh "$project/gpu-runtime/image-modules.sh" >&2
cp -r "$dist" dist
du -sm . | sed 's/\t.*/ MB in the folder (without Node, ffmpeg and Debian)/'

# An environment as bare as the container's. No function, whose process in the background would not be that of the server.
set -- env -i PATH="$PATH" HOME="$root/home" AI_AGENT_TOOLS_SCRATCH="$root/scratch" AI_AGENT_TOOLS_PORT="${PORT:-8765}" AI_AGENT_TOOLS_API_KEY=image-root
command -v ffmpeg >/dev/null || echo 'No ffmpeg on PATH: install Debian'\''s, as the image does' >&2
"$@" sh start.sh doctor || true
"$@" sh start.sh &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	if "$@" sh start.sh health && kill -0 "$server"; then echo 'The server is healthy'; exit 0; fi
	sleep 1
done
echo 'The server did not become healthy' >&2
exit 1
