// migrate, admin.
#include <boost/asio/thread_pool.hpp>
#include <cstdio>
#include <iostream>

#include "app/commands.hpp"
#include "app/running.hpp"
#include "auth/auth.hpp"
#include "core/crypto.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::app {

namespace {

namespace asio = boost::asio;

std::unique_ptr<db::Database> open(asio::io_context& io, Settings const& settings) {
    db::DatabaseOptions options;
    options.url = settings.database_url;
    options.connections = 2;
    options.transaction_pooler = settings.database_pooler == "transaction";
    return db::open_database(io.get_executor(), std::move(options));
}

// The password of an administrator's command: from the terminal's input, never from the arguments, where
// every user of the machine could read it.
std::string read_password() {
    std::fputs("Password: ", stderr);
    std::string password;
    std::getline(std::cin, password);
    return password;
}

int tell(Error const& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    for (auto const& field : error.fields)
        std::fprintf(stderr, "  %s: %s\n", field.field.c_str(), field.message.c_str());
    return 1;
}

struct AdminInput {
    std::string action;
    std::string email;
    std::string name;
    std::optional<std::string> workspace;
    std::string role;
    bool system_admin = false;
    std::string password;
};

asio::awaitable<int> create_user(auth::AuthService& auth, workspaces::WorkspaceService& workspaces,
                                 AdminInput input) {
    auto const user = co_await auth.create_user(input.email, input.name, input.password, input.system_admin);
    if (!user) co_return tell(user.error());
    if (input.workspace) {
        auto const workspace = WorkspaceId::parse(*input.workspace);
        if (!workspace) co_return tell(not_found("Workspace"));
        auto const added = co_await workspaces.add_member(*workspace, user->id, input.role);
        if (!added) co_return tell(added.error());
    }
    std::printf("%s\n", user->id.to_string().c_str());
    co_return 0;
}

asio::awaitable<int> administer(db::Database& database, Settings const& settings, AdminInput input) {
    SystemClock clock;
    asio::thread_pool hashing(1);
    JwtSigner const signer(settings.jwt_secret, "mypost");
    access::AccessCache cache(clock, std::chrono::seconds(1));
    auth::AuthService auth(database, clock, signer, cache, hashing);
    workspaces::WorkspaceService workspaces(database, clock, cache);
    if (input.action == "create-user") co_return co_await create_user(auth, workspaces, std::move(input));
    auto const done = co_await auth.reset_password(input.email, input.password);
    if (!done) co_return tell(done.error());
    std::puts("The password is changed and all sessions are ended.");
    co_return 0;
}

}  // namespace

int command_migrate(Arguments arguments) {
    auto const settings = read_settings(arguments);
    if (!settings) return 2;
    asio::io_context io(1);
    auto database = open(io, *settings);
    run_to_end(io, [&]() -> asio::awaitable<void> {
        co_await database->migrate();
        co_await database->close();
    });
    std::puts("The schema is current.");
    return 0;
}

int command_admin(Arguments arguments) {
    AdminInput input;
    if (!arguments.empty()) input.action = arguments.front();
    auto const email = option(arguments, "--email");
    bool const known = input.action == "create-user" || input.action == "reset-password";
    if (!known || !email) {
        std::fputs(
            "usage: mypost admin create-user --email E --name N [--system-admin] [--workspace ID --role "
            "owner|admin|…]\n"
            "       mypost admin reset-password --email E\n"
            "The password is read from standard input.\n",
            stderr);
        return 2;
    }
    input.email = *email;
    input.name = option(arguments, "--name").value_or(*email);
    input.workspace = option(arguments, "--workspace");
    input.role = option(arguments, "--role").value_or("editor");
    input.system_admin = has_flag(arguments, "--system-admin");
    auto settings = read_settings_with_keys(arguments, true);
    if (!settings) return 2;
    input.password = read_password();
    asio::io_context io(1);
    auto database = open(io, *settings);
    int status = 1;
    run_to_end(io, [&]() -> asio::awaitable<void> {
        status = co_await administer(*database, *settings, std::move(input));
        co_await database->close();
    });
    return status;
}

}  // namespace mypost::app
