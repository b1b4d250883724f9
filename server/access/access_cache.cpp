#include "access/access_cache.hpp"

namespace mypost::access {

AccessCache::AccessCache(Clock const& clock, std::chrono::milliseconds time_to_live, std::size_t max_entries)
    : clock_(clock), time_to_live_(time_to_live), max_entries_(max_entries) {}

std::shared_ptr<SessionAccess const> AccessCache::find(SessionId session) const {
    auto const found = entries_.find(session);
    if (found == entries_.end() || found->second.until <= clock_.now()) return nullptr;
    return found->second.access;
}

void AccessCache::store(std::shared_ptr<SessionAccess const> access, std::uint64_t generation) {
    if (generation != generation_) return;
    if (entries_.size() >= max_entries_) entries_.clear();  // rare; refilled by one query a session
    Instant const until = clock_.now() + time_to_live_;
    SessionId const session = access->session;
    entries_.insert_or_assign(session, Entry{std::move(access), until});
}

void AccessCache::forget_session(SessionId session) {
    entries_.erase(session);
    changed();
}

void AccessCache::forget_user(UserId user) {
    std::erase_if(entries_, [&](auto const& entry) { return entry.second.access->user == user; });
    changed();
}

void AccessCache::forget_all() {
    entries_.clear();
    changed();
}

void AccessCache::changed() {
    ++generation_;
    if (on_change) on_change();
}

}  // namespace mypost::access
