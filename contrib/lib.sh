# Sourced by the scripts of contrib/: installs packages and builds.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }

# install_packages KIND…: what contrib/packages lists under these words and is not there yet
install_packages() {
	local missing=() kind package root=()
	for kind in "$@"; do
		while read -r package; do
			dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
		done < <(sed -n "s/^$kind //p" "$top/contrib/packages")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || { echo "These packages are missing, and neither root nor sudo is here: ${missing[*]}" >&2; return 1; }
		root=(sudo)
	fi
	say "Installing ${missing[*]}"
	local policy=/usr/sbin/policy-rc.d made=
	if [ ! -e "$policy" ]; then # the servers that tests use are started by the tests, never by their packages
		printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
		"${root[@]}" chmod +x "$policy"
		made=1
	fi
	"${root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -qq
	local failed=0
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >&2 || failed=1
	[ -z "$made" ] || "${root[@]}" rm -f "$policy"
	return $failed
}

# build_preset PRESET [TARGET]: into build/PRESET
build_preset() {
	local log=$top/build/$1.log
	say "Building ($1)"
	mkdir -p "$top/build"
	if (cd "$top" && cmake --preset "$1" && cmake --build "build/$1" ${2:+--target "$2"}) >"$log" 2>&1; then
		tail -n 1 "$log" >&2
	else
		grep -E 'error|Error|undefined' -A 3 "$log" >&2 || tail -n 20 "$log" >&2
		return 1
	fi
}
