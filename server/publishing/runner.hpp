// Carries one due target as far as it goes: claims it, asks its adapter for one step after the other,
// journals each call before and after, and settles how it ended. Holds nothing that a crash could lose: all
// state is in the database.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "async/task_group.hpp"
#include "core/clock.hpp"
#include "db/database.hpp"
#include "net/http_client.hpp"
#include "networks/adapter.hpp"
#include "publishing/backoff.hpp"
#include "publishing/changes.hpp"
#include "publishing/media_opener.hpp"
#include "publishing/metrics.hpp"
#include "publishing/settle.hpp"
#include "publishing/token_source.hpp"

namespace mypost::publishing {

// What publishing works with; all of it outlives the runner.
struct Services {
    db::Database& database;
    Clock const& clock;
    networks::Registry const& networks;
    net::HttpClient& http;  // the gateway to the networks
    TokenSource& tokens;
    MediaOpener& media;
    Notifier& notifier;
    Metrics& metrics;
    LinkOf link;                     // empty: addresses as the networks give them
    std::function<double()> random;  // [0, 1): jitter
};

class Runner {
  public:
    // `worker` names this process in leases and in the evidence.
    Runner(Services services, PublishSettings settings, std::string worker, async::TaskGroup& background);

    // Looks at one target. Returns the account's next due target, whose look was put off until now, so that
    // the caller can go on with it at once. Throws what the database throws: the lease then ends by itself
    // and the journal tells the next look what happened.
    asio::awaitable<std::optional<TargetId>> run(TargetId target);

    // From now on a run ends after the call it is in, and gives its target back unspent; new ones do nothing.
    void stop() { stopping_ = true; }
    bool stopping() const { return stopping_; }

    Services const& services() const { return services_; }
    PublishSettings const& settings() const { return settings_; }

  private:
    Services services_;
    PublishSettings settings_;
    std::string worker_;
    async::TaskGroup& background_;
    bool stopping_ = false;
};

}  // namespace mypost::publishing
