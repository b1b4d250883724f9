#include "support/postgres_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace mypost::test {

namespace {

int free_port() {
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        throw std::runtime_error("no free port");
    }
    ::close(listener);
    return ntohs(address.sin_port);
}

std::string start_private_server() {
    std::string folder = "/tmp/mypost-postgres-XXXXXX";
    if (!::mkdtemp(folder.data())) throw std::runtime_error("cannot make " + folder);
    int const port = free_port();
    auto const command =
        fmt::format("{}/tests/support/postgres.sh {} {} {}", MYPOST_SOURCE_DIR, ::getpid(), folder, port);
    if (std::system(command.c_str()) != 0) {
        throw std::runtime_error("cannot start a private PostgreSQL; see " + folder + "/log");
    }
    return fmt::format("postgres://mypost:mypost@127.0.0.1:{}/postgres", port);
}

}  // namespace

PostgresServer& PostgresServer::instance() {
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer() {
    char const* given = std::getenv("MYPOST_TEST_POSTGRES_URL");
    admin_url_ = given ? given : start_private_server();
    auto const slash = admin_url_.find('/', admin_url_.find("://") + 3);
    if (slash == std::string::npos) throw std::runtime_error("MYPOST_TEST_POSTGRES_URL names no database");
    auto const question = admin_url_.find('?', slash);
    prefix_ = admin_url_.substr(0, slash + 1);
    if (question != std::string::npos) suffix_ = admin_url_.substr(question);
}

std::string PostgresServer::create(std::string const& name) {
    execute("CREATE DATABASE " + name);
    return url(name);
}

void PostgresServer::drop(std::string const& name) {
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
}

std::string PostgresServer::url(std::string const& name) const {
    return prefix_ + name + suffix_;
}

void PostgresServer::execute(std::string const& sql) const {
    std::unique_ptr<PGconn, decltype(&PQfinish)> const connection(PQconnectdb(admin_url_.c_str()), PQfinish);
    std::unique_ptr<PGresult, decltype(&PQclear)> const result(PQexec(connection.get(), sql.c_str()),
                                                               PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
        throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    }
}

}  // namespace mypost::test
