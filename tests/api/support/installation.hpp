// The whole program in this process: real application, real HTTP on loopback, a database of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "api/support/client.hpp"
#include "app/application.hpp"
#include "app/sandbox_server.hpp"
#include "app/temporary_installation.hpp"
#include "core/jwt.hpp"
#include "db/database.hpp"
#include "support/database.hpp"

namespace mypost::api_test {

struct InstallationOptions {
    db::Engine engine = db::Engine::sqlite;
    bool worker = false;   // publishes by itself
    bool sandbox = false;  // the simulated networks beside it
    std::function<void(Settings&)> adjust = {};
};

// The application runs on a thread of its own; the test drives it from outside and looks into its database
// through a connection of its own.
class Installation {
  public:
    explicit Installation(InstallationOptions options = {});
    ~Installation();
    Installation(Installation const&) = delete;
    Installation& operator=(Installation const&) = delete;

    std::uint16_t port() const { return port_; }
    std::string host() const;  // "127.0.0.1:<port>"
    std::uint16_t sandbox_port() const { return sandbox_port_; }
    Settings const& settings() const { return settings_; }
    Answer send(Call const& call, std::string from = "127.0.0.1") const;
    // To the sandbox.
    Answer sandbox(Call const& call) const;

    // Reads or changes the database past the program.
    db::Rows sql(std::string const& text, db::Params params = {});
    std::int64_t count(std::string const& table);

    // Waits until what earlier requests left to the background (live events) is written.
    void settle();

    // Every row of every table as text, by table: two looks are equal when nothing happened.
    std::map<std::string, std::string> contents();

  private:
    void run_thread();
    void on_thread(std::function<boost::asio::awaitable<void>()> work);
    std::string contents_sql();

    InstallationOptions options_;
    app::TemporaryInstallation home_;
    test::DatabaseSite site_;
    Settings settings_;
    std::uint16_t port_ = 0;
    std::uint16_t sandbox_port_ = 0;
    boost::asio::io_context own_io_;
    std::unique_ptr<db::Database> database_;
    std::string contents_sql_;

    boost::asio::io_context io_{1};
    std::unique_ptr<app::SandboxServer> sandbox_;
    std::unique_ptr<app::Application> application_;
    std::thread thread_;
};

// Tables that tell nothing about what a request did: limits, heartbeats, the journal of sign-ins' last use.
bool is_background(std::string const& table);

// A port that nothing listens on just now.
std::uint16_t free_port();

}  // namespace mypost::api_test
