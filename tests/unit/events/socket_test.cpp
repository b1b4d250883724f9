#include "events/socket.hpp"

#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <deque>

#include "support/run.hpp"

namespace mypost::events {

namespace {

namespace asio = boost::asio;

// A bus whose replay the test sets, and waits for when asked to.
class FakeBus final : public EventBus {
  public:
    std::vector<Listener> listeners;
    Replay stored;
    std::function<void()> during_replay;

    void publish(Event event) override { tell(make_published(EventId::make(), std::move(event))); }
    void tell(EventPointer const& event) {
        for (auto const& listener : listeners) listener(event);
    }
    std::unique_ptr<Subscription> subscribe(Listener listener) override {
        listeners.push_back(std::move(listener));
        return std::make_unique<Subscription>();
    }
    asio::awaitable<Replay> replay(WorkspaceId, EventId) override {
        if (during_replay) during_replay();
        co_return stored;
    }
};

class FakeSocket final : public http::WebSocket {
  public:
    explicit FakeSocket(asio::io_context& io) : arrived_(io) {}
    std::vector<std::string> sent;
    std::optional<std::uint16_t> closed;
    std::string reason;

    void arrives(std::string message) {
        incoming_.push_back(std::move(message));
        arrived_.cancel();
    }
    asio::awaitable<std::optional<std::string>> read() override {
        while (incoming_.empty() && !closed && !hung_up_) {
            arrived_.expires_at(asio::steady_timer::time_point::max());
            try {
                co_await arrived_.async_wait(asio::use_awaitable);
            } catch (boost::system::system_error const&) {
                // woken
            }
        }
        if (closed || incoming_.empty()) co_return std::nullopt;
        std::string message = std::move(incoming_.front());
        incoming_.pop_front();
        co_return message;
    }
    void send(std::string message) override { sent.push_back(std::move(message)); }
    void close(std::uint16_t code, std::string why) override {
        if (closed) return;
        closed = code;
        reason = std::move(why);
        arrived_.cancel();
    }
    void hang_up() {
        hung_up_ = true;
        arrived_.cancel();
    }

  private:
    asio::steady_timer arrived_;
    std::deque<std::string> incoming_;
    bool hung_up_ = false;
};

class FakeAuthenticator final : public http::Authenticator {
  public:
    WorkspaceId workspace = WorkspaceId::make();
    access::PermissionSet permissions{access::Permission::posts_view};
    bool signed_out = false;
    bool away = false;

    asio::awaitable<Result<access::Caller>> authenticate(http::Request const& request,
                                                         std::optional<WorkspaceId> wanted) override {
        auto const header = request.headers.get("Authorization");
        if (header == "Bearer old") co_return Error(ErrorCode::token_expired, "Refresh.");
        if (header != "Bearer good") co_return Error(ErrorCode::unauthenticated, "Sign in.");
        if (wanted != workspace) co_return not_found("Workspace");
        access::Caller caller;
        caller.workspace = workspace;
        caller.has_workspace_role = true;
        caller.workspace_permissions = permissions;
        co_return caller;
    }
    asio::awaitable<Result<access::Caller>> recheck(access::Caller caller) override {
        if (away) throw std::runtime_error("the database is away");
        if (signed_out) co_return Error(ErrorCode::unauthenticated, "Signed out.");
        caller.workspace_permissions = permissions;
        co_return caller;
    }
};

class EventSocket : public testing::Test {
  protected:
    asio::io_context io;
    FakeBus bus;
    FakeAuthenticator authenticator;
    EventSockets sockets{io.get_executor(), bus, authenticator};
    std::shared_ptr<FakeSocket> socket = std::make_shared<FakeSocket>(io);
    bool ended = false;

    ~EventSocket() override {
        socket->hang_up();
        turn();
    }
    void connect() {
        asio::co_spawn(io, sockets.serve(http::Request(), socket),
                       [this](std::exception_ptr) { ended = true; });
        turn();
    }
    void turn() {
        io.restart();
        io.poll();
    }
    void sign_in(std::string token = "good", std::string more = "") {
        socket->arrives(R"({"type":"auth","token":")" + token + R"(","workspace_id":")" +
                        authenticator.workspace.to_string() + "\"" + more + "}");
        turn();
    }
    Event event(std::string type) const { return Event{authenticator.workspace, {}, std::move(type), {}}; }
};

}  // namespace

TEST_F(EventSocket, says_ready_and_tells_what_the_caller_may_see) {
    connect();
    sign_in();
    EXPECT_EQ(socket->sent, std::vector<std::string>{R"({"type":"ready"})"});
    bus.publish(event("post.updated"));
    bus.publish(event("media.progress"));
    ASSERT_EQ(socket->sent.size(), 2U);
    EXPECT_NE(socket->sent[1].find(R"("type":"post.updated")"), std::string::npos);
    EXPECT_EQ(sockets.count(), 1U);
    socket->hang_up();
    turn();
    EXPECT_TRUE(ended);
    EXPECT_EQ(sockets.count(), 0U);
    bus.publish(event("post.updated"));  // nobody is there any more
    EXPECT_EQ(socket->sent.size(), 2U);
}

TEST_F(EventSocket, refuses_who_cannot_sign_in) {
    connect();
    sign_in("old");
    EXPECT_EQ(socket->closed, 4401);
    EXPECT_EQ(socket->reason, "token_expired");
    EXPECT_TRUE(ended);
    EXPECT_TRUE(socket->sent.empty());
}

TEST_F(EventSocket, refuses_foreign_workspaces_and_nonsense) {
    for (auto const& [message, code] : std::vector<std::pair<std::string, int>>{
             {R"({"type":"auth","token":"good","workspace_id":"01900000-0000-7000-8000-0000000000ff"})",
              4404},
             {R"({"type":"hello","token":"good","workspace_id":"01900000-0000-7000-8000-0000000000ff"})",
              4400},
             {R"({"type":"auth","token":"good"})", 4400},
             {"not json", 4400}}) {
        socket = std::make_shared<FakeSocket>(io);
        connect();
        socket->arrives(message);
        turn();
        EXPECT_EQ(socket->closed, code) << message;
    }
    EXPECT_TRUE(bus.listeners.empty());
}

TEST_F(EventSocket, replays_and_drops_doubles_of_what_happens_meanwhile) {
    auto const one = make_published(EventId::make(), event("post.created"));
    auto const two = make_published(EventId::make(), event("post.updated"));
    auto const hidden = make_published(EventId::make(), event("media.progress"));
    auto const three = make_published(EventId::make(), event("target.updated"));
    bus.stored = Replay{true, {one, hidden, two}};
    bus.during_replay = [&] {
        bus.tell(two);
        bus.tell(three);
    };
    connect();
    sign_in("good", R"(,"last_event_id":")" + one->id.to_string() + "\"");
    EXPECT_THAT(socket->sent, testing::ElementsAre(R"({"type":"ready"})", one->text, two->text, three->text));
}

TEST_F(EventSocket, says_resync_when_replay_is_impossible) {
    connect();
    sign_in("good", R"(,"last_event_id":")" + EventId::make().to_string() + "\"");
    EXPECT_THAT(socket->sent, testing::ElementsAre(R"({"type":"ready"})", R"({"type":"resync"})"));
    bus.publish(event("post.updated"));
    EXPECT_EQ(socket->sent.size(), 3U);
}

TEST_F(EventSocket, closes_when_the_session_ends) {
    connect();
    sign_in();
    sockets.recheck_all();
    turn();
    EXPECT_FALSE(socket->closed);
    authenticator.signed_out = true;
    sockets.recheck_all();
    turn();
    EXPECT_EQ(socket->closed, 4401);
    EXPECT_TRUE(ended);
}

TEST_F(EventSocket, follows_a_changed_role) {
    connect();
    sign_in();
    authenticator.permissions = {};
    sockets.recheck_all();
    turn();
    bus.publish(event("post.updated"));
    EXPECT_EQ(socket->sent.size(), 1U);
    EXPECT_FALSE(socket->closed);
}

TEST_F(EventSocket, keeps_the_socket_while_the_database_is_away) {
    connect();
    sign_in();
    authenticator.away = true;
    sockets.recheck_all();
    turn();
    EXPECT_FALSE(socket->closed);
    bus.publish(event("post.updated"));
    EXPECT_EQ(socket->sent.size(), 2U);
}

}  // namespace mypost::events
