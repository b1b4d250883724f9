#include "http/rate_limit.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include "core/encoding.hpp"

namespace mypost::http {

namespace {
constexpr std::size_t most_windows = 100'000;
}

asio::awaitable<RateLimiter::Decision> LocalRateLimiter::take(std::string key, unsigned count,
                                                              std::chrono::seconds per) {
    Instant const now = clock_.now();
    if (windows_.size() >= most_windows) make_room();
    Window& window = windows_[std::move(key)];
    // A clock set back must not lock anybody out for longer than a window.
    if (window.ends_at <= now || window.ends_at > now + per) window = Window{now + per, 0};
    Decision decision;
    decision.limit = count;
    decision.allowed = window.used < count;
    if (decision.allowed) ++window.used;
    decision.remaining = count - std::min(count, window.used);
    decision.reset = std::chrono::ceil<std::chrono::seconds>(window.ends_at - now);
    co_return decision;
}

void LocalRateLimiter::make_room() {
    Instant const now = clock_.now();
    std::erase_if(windows_, [&](auto const& entry) { return entry.second.ends_at <= now; });
    if (windows_.size() >= most_windows) windows_.clear();
}

std::string limit_subject(std::string const& address) {
    std::array<char, 16> bytes{};
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
    return hex_encode(std::string_view(bytes.data(), 8)) + "/64";
}

std::string limit_name(Endpoint const& endpoint, RateLimit const& rule, std::string const& subject) {
    return fmt::format("{}:{}:{}:{}", endpoint.operation_id, static_cast<int>(rule.key), rule.per.count(),
                       subject);
}

void set_limit_headers(Response& response, RateLimiter::Decision const& decision) {
    response.headers.set("RateLimit-Limit", fmt::to_string(decision.limit));
    response.headers.set("RateLimit-Remaining", fmt::to_string(decision.remaining));
    response.headers.set("RateLimit-Reset", fmt::to_string(decision.reset.count()));
}

Error too_many(RateLimiter::Decision const& decision) {
    Error error(ErrorCode::rate_limited,
                fmt::format("Too many requests; try again in {} seconds.", decision.reset.count()));
    error.retry_after = decision.reset;
    return error;
}

}  // namespace mypost::http
