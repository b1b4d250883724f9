// A runner loop over real HTTP: journals in memory, sends, classifies, waits by advancing the sandbox's
// clock.
#pragma once

#include <map>

#include "conformance/networks/control.hpp"
#include "networks/adapter.hpp"

namespace mypost::networks::test {

// An account connected as a person would connect it.
struct Connected {
    AppCredentials app;
    Granted granted;
    AccountRef account;
};

class LiveRunner {
  public:
    LiveRunner(Host& host, NetworkAdapter const& adapter, Connected connected)
        : host_(host), adapter_(adapter), connected_(std::move(connected)) {}

    void add_media(std::string asset_id, std::string bytes) {
        media_[std::move(asset_id)] = std::move(bytes);
    }

    // Until the machine ends. Throws std::logic_error when it does not within 100 decisions.
    Decision run(Publication const& publication);
    // Until a call's outcome is unknown: there the worker "dies".
    void run_until_an_answer_is_lost(Publication const& publication);

    Journal const& journal() const { return journal_; }
    Connected& connected() { return connected_; }
    int refreshes() const { return refreshes_; }

  private:
    std::optional<Decision> step(Publication const& publication);
    void perform(Publication const& publication, Call const& call);
    net::Request request_of(Publication const& publication, Call const& call) const;
    std::string bytes_of(Publication const& publication, MediaRef const& ref) const;
    void refresh();

    Host& host_;
    NetworkAdapter const& adapter_;
    Connected connected_;
    std::map<std::string, std::string> media_;
    Journal journal_;
    int refreshes_ = 0;
};

// Connects an account of the sandbox: through the network's consent page, or with its app password.
Connected connect(Host& host, NetworkAdapter const& adapter, json::object const& account);

}  // namespace mypost::networks::test
