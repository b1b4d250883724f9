#include "db/postgres/settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "async/with_deadline.hpp"
#include "core/log.hpp"
#include "db/postgres/errors.hpp"

namespace mypost::db::postgres {

namespace {

constexpr std::chrono::seconds connect_limit{5};
constexpr int oldest_version = 150000;

// A statement's longest run, and how soon the server notices that the asker has gone (from PostgreSQL 14 on).
constexpr char session_options[] =
    "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c "
    "client_connection_check_interval=1000";

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

void log_notice(void*, PGresult const* result) {
    char const* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    char const* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    log::info("postgres notice",
              {{"severity", severity ? severity : ""}, {"message", message ? message : ""}});
}

// libpq wants two parallel arrays that end with null.
template <class Connect>
ConnectionHandle with_arrays(std::vector<std::pair<std::string, std::string>> const& pairs, Connect connect) {
    std::vector<char const*> keys;
    std::vector<char const*> values;
    for (auto const& [key, value] : pairs) {
        keys.push_back(key.c_str());
        values.push_back(value.c_str());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    return ConnectionHandle(connect(keys.data(), values.data(), 0));
}

void check_connected(PGconn* connection) {
    if (!connection || PQstatus(connection) != CONNECTION_OK) {
        auto const why = connection ? connection_message(connection) : "out of memory";
        throw Unavailable("cannot connect to PostgreSQL: " + why);
    }
    int const version = PQserverVersion(connection);
    if (version < oldest_version) {
        throw DatabaseError(
            fmt::format("PostgreSQL 15 or newer is needed, this is {}.{}", version / 10000, version % 10000));
    }
    PQsetNoticeReceiver(connection, log_notice, nullptr);
}

boost::asio::awaitable<ConnectionHandle> poll(ConnectionHandle connection) {
    namespace asio = boost::asio;
    using Descriptor = asio::posix::stream_descriptor;
    auto const executor = co_await asio::this_coro::executor;
    auto direction = PGRES_POLLING_WRITING;
    while (direction != PGRES_POLLING_OK) {
        if (direction == PGRES_POLLING_FAILED || PQsocket(connection.get()) < 0) break;
        // A duplicate, because libpq closes and changes its socket while it tries one address after the
        // other.
        Descriptor socket(executor, ::dup(PQsocket(connection.get())));
        auto const what = direction == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write;
        co_await socket.async_wait(what, asio::use_awaitable);
        direction = PQconnectPoll(connection.get());
    }
    check_connected(connection.get());
    co_return connection;
}

}  // namespace

Settings::Settings(std::string const& url, bool transaction_pooler)
    : transaction_pooler_(transaction_pooler) {
    char* message = nullptr;
    std::unique_ptr<PQconninfoOption, FreeOptions> const options(PQconninfoParse(url.c_str(), &message));
    if (!options) {
        // libpq quotes the URL's parts, among them the password, so its text is not passed on.
        PQfreemem(message);
        throw std::invalid_argument("the database URL is malformed: postgres://user:password@host:port/name");
    }
    for (auto const* option = options.get(); option->keyword; ++option) {
        if (option->val) pairs_.emplace_back(option->keyword, option->val);
    }
    set("client_encoding", "UTF8");
    set("fallback_application_name", "mypost");
    set("connect_timeout", std::to_string(connect_limit.count()));
    if (get("tcp_user_timeout").empty()) set("tcp_user_timeout", "20000");
    if (!transaction_pooler) {
        auto const own = get("options");
        set("options", own.empty() ? session_options : fmt::format("{} {}", session_options, own));
    }
}

std::string Settings::get(std::string_view key) const {
    for (auto const& [name, value] : pairs_) {
        if (name == key) return value;
    }
    return {};
}

void Settings::set(std::string const& key, std::string value) {
    std::erase_if(pairs_, [&](auto const& pair) { return pair.first == key; });
    pairs_.emplace_back(key, std::move(value));
}

ConnectionHandle Settings::connect_blocking() const {
    auto connection = with_arrays(pairs_, [](auto... arguments) { return PQconnectdbParams(arguments...); });
    check_connected(connection.get());
    return connection;
}

boost::asio::awaitable<ConnectionHandle> Settings::connect() const {
    auto const pairs = co_await resolved();
    auto connection =
        with_arrays(pairs, [](auto... arguments) { return PQconnectStartParams(arguments...); });
    if (!connection || PQstatus(connection.get()) == CONNECTION_BAD) check_connected(connection.get());
    auto connected = co_await async::with_deadline(connect_limit, poll(std::move(connection)));
    if (!connected) throw Unavailable("cannot connect to PostgreSQL: no answer within five seconds");
    co_return std::move(*connected);
}

// One host name becomes the list of its addresses; sockets, several hosts and given addresses stay as they
// are.
boost::asio::awaitable<Settings::Pairs> Settings::resolved() const {
    namespace asio = boost::asio;
    auto pairs = pairs_;
    auto const host = get("host");
    bool const plain = host.empty() || host.starts_with('/') || host.find(',') != std::string::npos;
    if (plain || !get("hostaddr").empty()) co_return pairs;
    asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
    boost::system::error_code error;
    auto const found =
        co_await resolver.async_resolve(host, "", asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error)
        throw Unavailable(fmt::format("cannot resolve the database host {}: {}", host, error.message()));
    std::string hosts;
    std::string addresses;
    for (auto const& entry : found) {
        hosts += (hosts.empty() ? "" : ",") + host;
        addresses += (addresses.empty() ? "" : ",") + entry.endpoint().address().to_string();
    }
    std::erase_if(pairs, [](auto const& pair) { return pair.first == "host"; });
    pairs.emplace_back("host", hosts);
    pairs.emplace_back("hostaddr", addresses);
    co_return pairs;
}

}  // namespace mypost::db::postgres
