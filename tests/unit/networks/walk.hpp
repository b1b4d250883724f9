// A runner without sockets or database: drives an adapter's step machine against a fake network, with a fault
// at chosen calls. The journal goes through JSON text after each call, as it does on disk.
#pragma once

#include <map>

#include "unit/networks/fake_networks.hpp"

namespace mypost::networks::test {

// What goes wrong at one call.
enum class Fault {
    died_before_sending,  // intent on disk, nothing sent
    died_after_sending,   // the network did it, nobody saw the answer
    answer_lost,          // the network did it, the connection broke
    request_lost,         // the network did nothing, and nobody can tell
    server_error,         // 503, the network did nothing
    server_error_after,   // 503, although the network did it
    not_sent,             // provably
    rate_limited,
    unauthorized,
};
std::string_view name_of(Fault fault);
std::vector<Fault> all_faults();

struct Ending {
    Decision decision;
    Journal journal;
    Instant ended_at;
    int calls = 0;
    std::vector<std::string> steps;  // of all calls, in order
};

// Called before each call with its number (from 0) and the call: may change what happens.
using FaultAt = std::function<std::optional<Fault>(int, Call const&)>;

class Walk {
  public:
    Walk(NetworkAdapter const& adapter, Publication publication, FakeNetwork& network)
        : adapter_(adapter), publication_(std::move(publication)), network_(network) {}

    // Until the machine ends. Throws std::logic_error when it does not within 400 decisions, repeats what
    // must not be repeated, or waits for a time that is past.
    Ending run(FaultAt const& fault_at = nullptr);

    // A marker of a person; run() goes on from there.
    void mark(JournalEntry::Kind kind);
    void advance(std::chrono::milliseconds by) { now_ += by; }
    Instant now() const { return now_; }
    Journal& journal() { return journal_; }
    Publication& publication() { return publication_; }
    std::vector<PartResult> results() const { return adapter_.results(publication_, journal_); }

    // One call, journalled; std::logic_error when it must not be made.
    void perform(Call const& call, std::optional<Fault> fault);

  private:
    void check_not_repeated(Call const& call) const;

    NetworkAdapter const& adapter_;
    Publication publication_;
    FakeNetwork& network_;
    Journal journal_;
    Instant now_ = parse_rfc3339("2026-11-22T18:00:00.000Z").value();
    int calls_ = 0;
    std::vector<std::string> steps_;
};

}  // namespace mypost::networks::test
