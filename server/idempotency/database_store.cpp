#include "idempotency/database_store.hpp"

#include <boost/describe/class.hpp>

#include "core/log.hpp"
#include "json/decode.hpp"
#include "json/encode.hpp"
#include "json/parse.hpp"

namespace mypost::idempotency {

namespace asio = boost::asio;

// What the column `body` holds, as text or encrypted.
struct StoredAnswer {
    std::vector<std::vector<std::string>> headers;  // pairs
    std::string body;
};
BOOST_DESCRIBE_STRUCT(StoredAnswer, (), (headers, body))

namespace {

// A claim that has run out, or an answer older than a day, gives way.
constexpr db::Query sql_claim{"idempotency.claim", R"(
    INSERT INTO idempotency_keys (caller, route, key_hash, workspace_id, request_hash, state, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, 'in_flight', $6, $7)
    ON CONFLICT (caller, route, key_hash) DO UPDATE
    SET request_hash = excluded.request_hash, state = 'in_flight', status = NULL, headers = NULL, body = NULL,
        encrypted = FALSE, created_at = excluded.created_at, expires_at = excluded.expires_at
    WHERE idempotency_keys.expires_at <= excluded.created_at
    RETURNING caller)"};

constexpr db::Query sql_find{"idempotency.find", R"(
    SELECT request_hash, state, status, body, encrypted FROM idempotency_keys
    WHERE caller = $1 AND route = $2 AND key_hash = $3)"};

constexpr db::Query sql_finish{"idempotency.finish", R"(
    UPDATE idempotency_keys SET state = 'done', status = $4, body = $5, encrypted = $6, expires_at = $7
    WHERE caller = $1 AND route = $2 AND key_hash = $3 AND state = 'in_flight')"};

constexpr db::Query sql_abandon{"idempotency.abandon", R"(
    DELETE FROM idempotency_keys WHERE caller = $1 AND route = $2 AND key_hash = $3 AND state = 'in_flight')"};

constexpr db::Query sql_purge{"idempotency.purge", "DELETE FROM idempotency_keys WHERE expires_at <= $1"};

// The same key may be used in each workspace.
std::string route_of(http::IdempotencyStore::Key const& key) {
    return key.workspace ? key.route + "@" + key.workspace->to_string() : key.route;
}

std::string place_of(http::IdempotencyStore::Key const& key) {
    return Cipher::place("idempotency_keys", "body", key.caller + "/" + route_of(key) + "/" + key.key_hash);
}

http::IdempotencyStore::Answer read_answer(std::int64_t status, std::string const& text) {
    http::IdempotencyStore::Answer answer;
    answer.status = static_cast<int>(status);
    auto const value = json::parse(text);
    auto stored = value ? json::decode<StoredAnswer>(*value) : Result<StoredAnswer>(value.error());
    if (!stored) throw std::runtime_error("a stored answer is unreadable: " + stored.error().message);
    for (auto& pair : stored->headers)
        answer.headers.emplace_back(std::move(pair.at(0)), std::move(pair.at(1)));
    answer.body = std::move(stored->body);
    return answer;
}

}  // namespace

asio::awaitable<http::IdempotencyStore::Claim> DatabaseStore::claim(Key key, std::string request_hash) {
    Instant const now = clock_.now();
    std::string const route = route_of(key);
    db::Params params{key.caller,          route,
                      key.key_hash,        key.workspace ? db::Param(*key.workspace) : db::Param(nullptr),
                      request_hash,        now,
                      now + claim_lifetime};
    auto const claimed = co_await database_.write(sql_claim, std::move(params));
    if (!claimed.empty()) co_return Claim{State::claimed};
    db::Params where{key.caller, route, key.key_hash};
    auto const rows = co_await database_.write(sql_find, std::move(where));  // not from a replica that lags
    // Given back in between: whoever asks again gets it.
    if (rows.empty()) co_return Claim{State::in_flight};
    auto const& row = rows.front();
    if (row.text(0) != request_hash) co_return Claim{State::other_request};
    if (row.text(1) != "done") co_return Claim{State::in_flight};
    std::string text = row.text(3);
    if (row.boolean(4)) {
        auto plain = cipher_.decrypt(text, place_of(key));
        if (!plain) throw std::runtime_error("a stored answer cannot be decrypted");
        text = std::move(*plain);
    }
    Claim answered{State::answered, read_answer(row.int64(2), text)};
    co_return answered;
}

asio::awaitable<void> DatabaseStore::finish(Key key, Answer answer, bool secret) {
    StoredAnswer stored;
    for (auto& [name, value] : answer.headers) stored.headers.push_back({std::move(name), std::move(value)});
    stored.body = std::move(answer.body);
    std::string text = json::serialize(stored);
    if (secret) text = cipher_.encrypt(text, place_of(key));
    db::Params params{key.caller,
                      route_of(key),
                      key.key_hash,
                      std::int64_t{answer.status},
                      text,
                      secret,
                      clock_.now() + answer_lifetime};
    co_await database_.write(sql_finish, std::move(params));
}

asio::awaitable<void> DatabaseStore::abandon(Key key) {
    db::Params params{key.caller, route_of(key), key.key_hash};
    co_await database_.write(sql_abandon, std::move(params));
}

asio::awaitable<std::int64_t> DatabaseStore::purge() {
    db::Params params{clock_.now()};
    auto const rows = co_await database_.write(sql_purge, std::move(params));
    co_return rows.affected;
}

}  // namespace mypost::idempotency
