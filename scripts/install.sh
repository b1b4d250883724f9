# shellcheck shell=bash
# Debian packages, listed in packaging/apt-*.txt.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install_packages build|test: installs what is missing, nothing when all is there.
install_packages() {
    local list="packaging/apt-$1.txt" missing=() package
    while read -r package; do
        [ -n "$package" ] || continue
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done <"$list"
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    as_root apt-get -o DPkg::Lock::Timeout=300 update -q
    # PostgreSQL is for private test servers only: its package must not start one.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends "${missing[@]}"
}
