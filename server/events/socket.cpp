#include "events/socket.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/describe/class.hpp>
#include <set>

#include "core/log.hpp"
#include "events/visibility.hpp"
#include "json/decode.hpp"
#include "json/parse.hpp"

namespace mypost::events {

namespace asio = boost::asio;

// The first message.
struct SignIn {
    std::string type;
    std::string token;
    WorkspaceId workspace_id;
    std::optional<EventId> last_event_id;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (type, token, workspace_id, last_event_id))

namespace {

constexpr std::uint16_t not_understood = 4400;
constexpr std::uint16_t not_signed_in = 4401;
constexpr std::uint16_t no_such_workspace = 4404;

Result<SignIn> read_sign_in(std::string const& text) {
    MP_TRY_RETURN(value, json::parse(text));
    MP_TRY_RETURN(message, json::decode<SignIn>(value));
    if (message.type != "auth")
        return invalid("/type", "invalid_value", "The first message must be of type auth.");
    return message;
}

std::uint16_t close_code(ErrorCode code) {
    return code == ErrorCode::not_found ? no_such_workspace : not_signed_in;
}

}  // namespace

// One signed-in socket.
struct EventSockets::Member {
    std::shared_ptr<http::WebSocket> socket;
    access::Caller caller;
    asio::steady_timer wake;  // cancelled to check again at once
    bool due = false;         // a check was asked for
    bool gone = false;
    bool ready = false;              // replay is done; until then events are collected
    std::vector<EventPointer> held;  // what happened during the replay
    std::unique_ptr<Subscription> subscription;

    Member(asio::any_io_executor executor, std::shared_ptr<http::WebSocket> s, access::Caller c)
        : socket(std::move(s)), caller(std::move(c)), wake(std::move(executor)) {}

    void tell(EventPointer const& event) {
        if (gone || !may_see(caller, event->event)) return;
        if (ready) {
            socket->send(event->text);
        } else {
            held.push_back(event);
        }
    }
};

struct EventSockets::Signed {
    std::shared_ptr<Member> member;
    std::optional<EventId> last;
};

struct EventSockets::Shared : std::enable_shared_from_this<Shared> {
    asio::any_io_executor executor;
    EventBus& bus;
    http::Authenticator& authenticator;
    std::list<std::shared_ptr<Member>> members;

    Shared(asio::any_io_executor e, EventBus& b, http::Authenticator& a)
        : executor(std::move(e)), bus(b), authenticator(a) {}

    asio::awaitable<void> serve(std::unique_ptr<http::Request> request,
                                std::shared_ptr<http::WebSocket> socket);
    asio::awaitable<std::optional<Signed>> sign_in(std::unique_ptr<http::Request> request,
                                                   std::shared_ptr<http::WebSocket> socket);
    asio::awaitable<void> catch_up(std::shared_ptr<Member> member, std::optional<EventId> last);
    asio::awaitable<void> watch(std::shared_ptr<Member> member);
    asio::awaitable<void> recheck(Member& member);
};

// The first message and what it took to read it are gone when this ends: an idle socket must be small.
asio::awaitable<std::optional<EventSockets::Signed>> EventSockets::Shared::sign_in(
    std::unique_ptr<http::Request> request, std::shared_ptr<http::WebSocket> socket) {
    // The limit closes the socket, which ends the read.
    asio::steady_timer limit(executor, sign_in_limit);
    limit.async_wait([socket](boost::system::error_code error) {
        if (!error) socket->close(not_signed_in, "sign in within 10 seconds");
    });
    auto const first = co_await socket->read();
    limit.cancel();
    if (!first) co_return std::nullopt;
    auto const message = read_sign_in(*first);
    if (!message) {
        socket->close(not_understood, message.error().message);
        co_return std::nullopt;
    }
    request->headers.set("Authorization", "Bearer " + message->token);
    auto caller = co_await authenticator.authenticate(*request, message->workspace_id);
    if (!caller) {
        socket->close(close_code(caller.error().code), std::string(to_string(caller.error().code)));
        co_return std::nullopt;
    }
    caller->address = request->remote_address;
    caller->request_id = request->request_id;
    Signed result{std::make_shared<Member>(executor, std::move(socket), std::move(*caller)),
                  message->last_event_id};
    co_return result;
}

asio::awaitable<void> EventSockets::Shared::serve(std::unique_ptr<http::Request> request,
                                                  std::shared_ptr<http::WebSocket> socket) {
    auto const signed_in = co_await sign_in(std::move(request), socket);
    if (!signed_in) co_return;
    auto const& member = signed_in->member;
    auto const place = members.insert(members.end(), member);
    auto self = shared_from_this();
    asio::co_spawn(executor, watch(member), [self, member](std::exception_ptr failure) {
        if (failure) member->socket->close(1011, "internal error");
    });
    std::exception_ptr failure;
    try {
        co_await catch_up(member, signed_in->last);
        while (true) {
            auto const next = co_await socket->read();
            if (!next) break;
        }
    } catch (...) {
        failure = std::current_exception();
    }
    member->gone = true;
    member->subscription.reset();
    member->wake.cancel();
    members.erase(place);
    if (failure) std::rethrow_exception(failure);
}

// Subscribed first, so that nothing falls between the replay and the live events.
asio::awaitable<void> EventSockets::Shared::catch_up(std::shared_ptr<Member> member,
                                                     std::optional<EventId> last) {
    member->subscription = bus.subscribe([weak = std::weak_ptr<Member>(member)](EventPointer const& event) {
        if (auto alive = weak.lock()) alive->tell(event);
    });
    member->socket->send(R"({"type":"ready"})");
    std::set<EventId> replayed;
    if (last) {
        auto const replay = co_await bus.replay(member->caller.workspace, *last);
        if (!replay.possible) member->socket->send(R"({"type":"resync"})");
        for (auto const& event : replay.events) {
            replayed.insert(event->id);
            if (may_see(member->caller, event->event)) member->socket->send(event->text);
        }
    }
    member->ready = true;
    for (auto const& event : std::exchange(member->held, {})) {
        if (!replayed.contains(event->id)) member->tell(event);
    }
}

asio::awaitable<void> EventSockets::Shared::watch(std::shared_ptr<Member> member) {
    while (!member->gone) {
        boost::system::error_code woken;
        member->wake.expires_after(recheck_interval);
        if (!member->due) co_await member->wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (member->gone) co_return;
        member->due = false;
        co_await recheck(*member);
    }
}

asio::awaitable<void> EventSockets::Shared::recheck(Member& member) {
    try {
        auto caller = co_await authenticator.recheck(member.caller);
        if (caller) {
            member.caller = std::move(*caller);
        } else {
            member.socket->close(not_signed_in, std::string(to_string(caller.error().code)));
        }
    } catch (std::exception const& e) {
        // The database is away: the socket keeps what it had and asks again in a minute.
        log::warning("socket's session not checked",
                     {{"error", e.what()}, {"request_id", member.caller.request_id}});
    }
}

EventSockets::EventSockets(asio::any_io_executor executor, EventBus& bus, http::Authenticator& authenticator)
    : shared_(std::make_shared<Shared>(std::move(executor), bus, authenticator)) {}

EventSockets::~EventSockets() = default;

asio::awaitable<void> EventSockets::serve(http::Request request, std::shared_ptr<http::WebSocket> socket) {
    return shared_->serve(std::make_unique<http::Request>(std::move(request)), std::move(socket));
}

void EventSockets::recheck_all() {
    for (auto const& member : shared_->members) {
        member->due = true;
        member->wake.cancel();
    }
}

std::size_t EventSockets::count() const {
    return shared_->members.size();
}

}  // namespace mypost::events
