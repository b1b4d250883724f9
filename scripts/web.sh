# shellcheck shell=bash
# The web app: web/ → build/web.

install_web() {
    need_node
    if [ ! -d web/node_modules ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
        say "Installing the web app's packages"
        (cd web && npm ci --no-audit --no-fund)
    fi
}

build_web() {
    local stamp=build/web/.built
    if [ -f "$stamp" ] && [ -z "$(find web docs/openapi.json -path web/node_modules -prune -o -newer "$stamp" -type f -print -quit)" ]; then
        return 0
    fi
    install_web
    say "Building the web app"
    (cd web && npm run --silent build)
    touch "$stamp"
}

lint_web() {
    install_web
    say "ESLint and types"
    (cd web && npm run --silent types && git diff --exit-code -- src/lib/api/schema.d.ts && npm run --silent lint && npm run --silent typecheck)
}
