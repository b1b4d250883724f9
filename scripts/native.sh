# shellcheck shell=bash
# The C++ trees: build/dev, build/asan, build/tsan, build/release.

# build_targets preset [targets…]: one build at a time, whoever asks.
build_targets() {
    local preset=$1
    shift
    mkdir -p build
    (
        flock 9
        [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 ||
            { cat "build/configure-$preset.log" >&2; exit 1; }
        ninja -C "build/$preset" "$@"
    ) 9>"build/.$preset.lock"
}

build_release() {
    say "Building the release program"
    build_targets release mypost mypost_media_helper
    local program
    for program in mypost mypost-media-helper; do
        # A running program's file cannot be written over, but it can be replaced.
        cmp -s "build/release/server/$program" "build/$program" 2>/dev/null || cp -f --remove-destination "build/release/server/$program" "build/$program"
    done
}

changed_since() { # base pattern…: files that differ from the base, or are new
    local base=$1
    shift
    { git diff --name-only --diff-filter=d "$base" -- "$@"; git ls-files --others --exclude-standard -- "$@"; } | sort -u
}

lint_base() {
    if [ -n "${MYPOST_LINT_BASE:-}" ]; then
        echo "$MYPOST_LINT_BASE"
    elif git rev-parse -q --verify origin/main >/dev/null && [ "$(git rev-parse origin/main)" != "$(git rev-parse HEAD)" ]; then
        git merge-base origin/main HEAD
    else
        git rev-parse -q --verify HEAD~1 || git hash-object -t tree /dev/null
    fi
}

lint_native() {
    say "clang-format"
    git ls-files '*.cpp' '*.hpp' | xargs -r clang-format-19 --dry-run -Werror
    say "Generated documents"
    build_release
    build/mypost openapi | diff -u docs/openapi.json - || { echo "docs/openapi.json is out of date: ./dev openapi" >&2; exit 1; }
    build/mypost doctor --markdown | diff -u docs/configuration.md - || { echo "docs/configuration.md is out of date: ./dev openapi" >&2; exit 1; }
    local files=()
    if [ "${1:-}" = --all ]; then
        mapfile -t files < <(git ls-files 'server/*.cpp')
    else
        mapfile -t files < <(changed_since "$(lint_base)" 'server/*.cpp')
    fi
    [ ${#files[@]} -gt 0 ] || return 0
    say "clang-tidy on ${#files[@]} files"
    # Without the precompiled header, whose warnings clang-tidy would repeat for each file.
    [ -f build/tidy/compile_commands.json ] || cmake --preset release -B build/tidy -DMYPOST_PCH=OFF >/dev/null
    printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet -p build/tidy
}
