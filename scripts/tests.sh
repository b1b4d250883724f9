# shellcheck shell=bash
# Test runs. Every count ends in build/results/*.count as "passed failed", and in one closing line.

count_results() { # name passed failed
    echo "$2 $3" >"build/results/$1.count"
}

# Runs every GoogleTest program of a tree and adds up its cases. Sanitizer findings count as a failure.
run_native_tests() { # preset
    local preset=$1 program name passed=0 failed=0
    for program in "build/$preset"/tests/*/*_tests "build/$preset"/tests/*/*/*_tests; do
        [ -x "$program" ] || continue
        name=$(basename "$program")
        local report=build/results/$preset-$name.json log=build/results/$preset-$name.log status=0
        rm -f "$report"
        timeout 900 "$program" --gtest_output="json:$report" --gtest_brief=1 >"$log" 2>&1 || status=$?
        local counts
        counts=$(node -e '
            const fs = require("fs");
            try { const r = JSON.parse(fs.readFileSync(process.argv[1])); console.log(r.tests - r.failures - r.errors, r.failures + r.errors); }
            catch { console.log(0, 1); }' "$report")
        local ok=${counts% *} bad=${counts#* }
        if [ "$status" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
        if [ "$bad" != 0 ]; then tail -n 60 "$log" >&2; fi
        printf '%-40s %5d passed, %d failed\n' "$name" "$ok" "$bad"
        passed=$((passed + ok)) failed=$((failed + bad))
    done
    count_results "native-$preset" "$passed" "$failed"
}

# One private PostgreSQL for all test programs.
with_postgres() {
    local folder port
    folder=$(mktemp -d)
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    # It stops by itself when this shell ends.
    bash tests/support/postgres.sh "$$" "$folder" "$port"
    export MYPOST_TEST_POSTGRES_URL="postgres://mypost:mypost@127.0.0.1:$port/postgres"
    "$@"
}

run_web_tests() {
    install_web
    say "Web app: unit tests"
    local report=build/results/web.json
    rm -f "$report"
    (cd web && npm run --silent test -- --reporter=json --outputFile="$root/$report") >build/results/web.log 2>&1 || tail -n 60 build/results/web.log >&2
    node -e '
        const fs = require("fs");
        let line = "0 1";
        try { const r = JSON.parse(fs.readFileSync(process.argv[1])); line = `${r.numPassedTests} ${r.numFailedTests + (r.success || r.numFailedTests ? 0 : 1)}`; } catch {}
        fs.writeFileSync("build/results/web.count", line + "\n"); console.log("web: " + line.replace(" ", " passed, ") + " failed");' "$report"
}

run_journeys() {
    need_node
    [ -d e2e/node_modules ] && [ ! e2e/package-lock.json -nt e2e/node_modules/.package-lock.json ] || (cd e2e && npm ci --no-audit --no-fund)
    say "Browser journeys"
    local report=$root/build/results/e2e.json
    rm -f "$report"
    (cd e2e && PLAYWRIGHT_JSON_OUTPUT_NAME="$report" npx playwright test --reporter=list,json "$@") || true
    node -e '
        const fs = require("fs");
        let line = "0 1";
        try { const s = JSON.parse(fs.readFileSync(process.argv[1])).stats; line = `${s.expected + s.flaky} ${s.unexpected}`; } catch {}
        fs.writeFileSync("build/results/e2e.count", line + "\n"); console.log("journeys: " + line.replace(" ", " passed, ") + " failed");' "$report"
}

run_chaos() { # short|long
    need_node
    say "Chaos run ($1)"
    if node tests/chaos/run.mjs "$@"; then count_results chaos 1 0; else count_results chaos 0 1; fi
}

run_all_tests() {
    need_node
    mkdir -p build/results
    rm -f build/results/*.count
    say "Building the tests (ASan and UBSan)"
    build_targets asan
    say "C++ tests on SQLite and PostgreSQL"
    with_postgres run_native_tests asan
    run_web_tests
    build_release
    build_web
    run_journeys
    run_chaos short
    local passed=0 failed=0 ok bad
    while read -r ok bad; do passed=$((passed + ok)) failed=$((failed + bad)); done < <(cat build/results/*.count)
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

run_tsan() {
    need_node
    mkdir -p build/results
    build_targets tsan async_tests db_tests db_conformance_tests queue_conformance_tests
    with_postgres run_native_tests tsan
}
