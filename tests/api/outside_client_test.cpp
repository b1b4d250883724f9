// Runs outside_client.mjs, written from the contract alone, against an empty installation.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "api/support/installation.hpp"

namespace mypost::api_test {

namespace {

struct Ran {
    int status = -1;
    std::string output;
};

Ran run_shell(std::string const& command) {
    Ran ran;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (!pipe) return ran;
    std::array<char, 4096> piece{};
    while (std::size_t const count = std::fread(piece.data(), 1, piece.size(), pipe))
        ran.output.append(piece.data(), count);
    ran.status = ::pclose(pipe);
    return ran;
}

TEST(OutsideClient, does_the_main_job_from_the_contract_alone) {
    if (run_shell("node --version").status != 0) GTEST_SKIP() << "needs Node";
    Installation installation(InstallationOptions{.worker = true, .sandbox = true});
    Ran const ran = run_shell(fmt::format("timeout 200 node {}/outside_client.mjs {} http://127.0.0.1:{}",
                                          MYPOST_NODE_SCRIPTS, installation.settings().public_url,
                                          installation.sandbox_port()));
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_NE(ran.output.find("the outside client is content"), std::string::npos) << ran.output;
}

}  // namespace
}  // namespace mypost::api_test
