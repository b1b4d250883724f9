// First answers of calls with an Idempotency-Key, in the table idempotency_keys.
#pragma once

#include "core/cipher.hpp"
#include "core/clock.hpp"
#include "db/database.hpp"
#include "http/services.hpp"

namespace mypost::idempotency {

// A claim whose process died runs out after this.
inline constexpr std::chrono::seconds claim_lifetime{60};
inline constexpr std::chrono::hours answer_lifetime{24};

class DatabaseStore final : public http::IdempotencyStore {
  public:
    // All outlive the store.
    DatabaseStore(db::Database& database, Clock const& clock, Cipher const& cipher)
        : database_(database), clock_(clock), cipher_(cipher) {}

    http::asio::awaitable<Claim> claim(Key key, std::string request_hash) override;
    http::asio::awaitable<void> finish(Key key, Answer answer, bool secret) override;
    http::asio::awaitable<void> abandon(Key key) override;

    // Deletes what has run out; returns how many. For the maintenance task.
    http::asio::awaitable<std::int64_t> purge();

  private:
    db::Database& database_;
    Clock const& clock_;
    Cipher const& cipher_;
};

}  // namespace mypost::idempotency
