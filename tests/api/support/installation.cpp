#include "api/support/installation.hpp"

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <set>

#include "core/log.hpp"

namespace mypost::api_test {

namespace asio = boost::asio;

std::uint16_t free_port() {
    asio::io_context io;
    asio::ip::tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    return acceptor.local_endpoint().port();
}

bool is_background(std::string const& table) {
    static std::set<std::string> const names{"heartbeats", "schema_migrations", "rate_budgets"};
    return names.contains(table);
}

Installation::Installation(InstallationOptions options)
    : options_(std::move(options)), site_(options_.engine), settings_(home_.settings()), port_(free_port()) {
    log::set_level(log::Level::error);
    settings_.http_port = port_;
    settings_.public_url = fmt::format("http://127.0.0.1:{}", port_);
    settings_.database_url = site_.options().url;
    settings_.media_helper = MYPOST_MEDIA_HELPER;
    settings_.shutdown_seconds = 2;
    if (options_.sandbox) {
        sandbox_port_ = free_port();
        settings_.networks_via = fmt::format("http://127.0.0.1:{}", sandbox_port_);
    }
    if (options_.adjust) options_.adjust(settings_);

    database_ = db::open_database(own_io_.get_executor(), site_.options());
    test::run(own_io_, database_->migrate());
    contents_sql_ = contents_sql();

    if (options_.sandbox) {
        app::SandboxOptions sandbox;
        sandbox.port = sandbox_port_;
        sandbox.seed = 1;
        sandbox_ = std::make_unique<app::SandboxServer>(io_, sandbox);
    }
    app::Parts parts;
    parts.worker = options_.worker;
    application_ = std::make_unique<app::Application>(io_, settings_, parts);
    thread_ = std::thread([this] { run_thread(); });
    if (sandbox_) {
        on_thread([this]() -> asio::awaitable<void> {
            sandbox_->start();
            co_return;
        });
    }
    on_thread([this] { return application_->start(); });
}

Installation::~Installation() {
    on_thread([this] { return application_->stop(); });
    if (sandbox_) on_thread([this] { return sandbox_->stop(); });
    io_.stop();
    thread_.join();
    application_.reset();
    sandbox_.reset();
    test::run(own_io_, database_->close());
}

void Installation::run_thread() {
    auto const guard = asio::make_work_guard(io_);
    io_.run();
}

void Installation::on_thread(std::function<asio::awaitable<void>()> work) {
    asio::co_spawn(io_, std::move(work), asio::use_future).get();
}

std::string Installation::host() const {
    return fmt::format("127.0.0.1:{}", port_);
}

Answer Installation::send(Call const& call, std::string from) const {
    return Client(port_, std::move(from)).send(call);
}

Answer Installation::sandbox(Call const& call) const {
    return Client(sandbox_port_).send(call);
}

db::Rows Installation::sql(std::string const& text, db::Params params) {
    db::Query const query{"test", text};
    bool const reads = text.starts_with("SELECT");
    return test::run(own_io_, reads ? database_->read(query, std::move(params))
                                    : database_->write(query, std::move(params)));
}

std::int64_t Installation::count(std::string const& table) {
    return sql("SELECT count(*) FROM " + table).front().int64(0);
}

void Installation::settle() {
    for (std::int64_t seen = -1, now = count("events"); seen != now; now = count("events")) {
        seen = now;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

std::string Installation::contents_sql() {
    bool const sqlite = options_.engine == db::Engine::sqlite;
    auto const tables =
        sql(sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                   : "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
    std::string text;
    for (auto const& row : tables) {
        std::string const table = row.text(0);
        if (is_background(table)) continue;
        if (!text.empty()) text += " UNION ALL ";
        if (!sqlite) {
            text += fmt::format(
                "SELECT '{0}', coalesce((SELECT string_agg(r::text, chr(10) ORDER BY r::text) FROM {0} r), "
                "'')",
                table);
            continue;
        }
        std::string columns;
        for (auto const& column : sql(fmt::format("SELECT name FROM pragma_table_xinfo('{}')", table)))
            columns += fmt::format("{}quote({})", columns.empty() ? "" : "||','||", column.text(0));
        text += fmt::format(
            "SELECT '{0}', coalesce((SELECT group_concat(r, char(10)) FROM (SELECT {1} AS r FROM {0} ORDER "
            "BY 1)), '')",
            table, columns);
    }
    return text;
}

std::map<std::string, std::string> Installation::contents() {
    std::map<std::string, std::string> all;
    for (auto const& row : sql(contents_sql_)) all[row.text(0)] = row.text(1);
    return all;
}

}  // namespace mypost::api_test
