#!/bin/sh
# The container's program: at RunPod a worker, elsewhere a server, or whatever command it is given.
set -eu
cd "$(dirname "$0")"
main=dist/gpu-runtime/main.js
# A worker has no door to knock at.
if [ "${1:-}" = health ]; then
	[ -z "${RUNPOD_WEBHOOK_GET_JOB:-}" ] || exit 0
	exec node -e "fetch('http://127.0.0.1:' + (process.env.AI_AGENT_TOOLS_PORT || 8000) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
fi
# RunPod mounts a network volume here, shared by all workers.
if [ -d /runpod-volume ] && [ "${AI_AGENT_TOOLS_MODELS:-}" = /models ]; then export AI_AGENT_TOOLS_MODELS=/runpod-volume/models; fi
if [ $# -gt 0 ]; then exec node "$main" "$@"; fi
if [ -n "${RUNPOD_WEBHOOK_GET_JOB:-}" ]; then exec node "$main" worker; fi
exec node "$main" serve
