# shellcheck shell=bash
# Node for the web tools: the machine's own when it is new enough, else a pinned one from npm's registry.

node_wanted=20.19.0
node_pinned=24.9.0
npm_pinned=11.6.2

version_at_least() { # have want
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

need_node() {
    local tools=$root/build/tools/node
    if command -v node >/dev/null && command -v npm >/dev/null && version_at_least "$(node --version | tr -d v)" "$node_wanted"; then
        return 0
    fi
    if [ ! -x "$tools/bin/node" ]; then
        local machine
        case "$(uname -m)" in
        x86_64) machine=x64 ;;
        aarch64) machine=arm64 ;;
        *) echo "No pinned Node for $(uname -m): install Node $node_wanted or newer." >&2 && exit 1 ;;
        esac
        command -v npm >/dev/null || { as_root apt-get -q update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends npm; }
        say "Installing Node $node_pinned from npm (the machine's own is too old)"
        mkdir -p "$tools/bin"
        npm install --silent --no-audit --no-fund --prefix "$tools" "node-linux-$machine@$node_pinned" "npm@$npm_pinned"
        ln -sf "../node_modules/node-linux-$machine/bin/node" "$tools/bin/node"
        ln -sf ../node_modules/npm/bin/npm-cli.js "$tools/bin/npm"
        ln -sf ../node_modules/npm/bin/npx-cli.js "$tools/bin/npx"
    fi
    export PATH="$tools/bin:$PATH"
}
