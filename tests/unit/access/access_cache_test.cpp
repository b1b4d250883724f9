#include "access/access_cache.hpp"

#include <gtest/gtest.h>

namespace mypost::access {

namespace {

class Cache : public testing::Test {
  protected:
    std::shared_ptr<SessionAccess const> access(SessionId session, UserId user) {
        auto made = std::make_shared<SessionAccess>();
        made->session = session;
        made->user = user;
        return made;
    }
    void keep(SessionId session) { cache_.store(access(session, user_), cache_.generation()); }

    ManualClock clock_{from_ms(1'000'000)};
    AccessCache cache_{clock_, std::chrono::seconds(10), 3};
    UserId const user_ = UserId::make();
    SessionId const one_ = SessionId::make();
    SessionId const two_ = SessionId::make();
};

TEST_F(Cache, remembers_for_its_time_to_live) {
    keep(one_);
    clock_.advance(std::chrono::milliseconds(9'999));
    ASSERT_TRUE(cache_.find(one_));
    EXPECT_EQ(cache_.find(one_)->user, user_);
    clock_.advance(std::chrono::milliseconds(1));
    EXPECT_FALSE(cache_.find(one_));
}

TEST_F(Cache, forgets_a_session_or_all_of_a_user) {
    keep(one_);
    keep(two_);
    cache_.forget_session(one_);
    EXPECT_FALSE(cache_.find(one_));
    EXPECT_TRUE(cache_.find(two_));
    cache_.forget_user(UserId::make());
    EXPECT_TRUE(cache_.find(two_));
    cache_.forget_user(user_);
    EXPECT_FALSE(cache_.find(two_));
}

// Read from the database before the change, stored after it: that would keep an old right alive.
TEST_F(Cache, takes_nothing_that_was_read_before_something_was_forgotten) {
    auto const before = cache_.generation();
    cache_.forget_user(user_);
    cache_.store(access(one_, user_), before);
    EXPECT_FALSE(cache_.find(one_));
}

TEST_F(Cache, tells_that_something_changed) {
    int told = 0;
    cache_.on_change = [&] { ++told; };
    cache_.forget_session(one_);
    cache_.forget_user(user_);
    cache_.forget_all();
    EXPECT_EQ(told, 3);
}

TEST_F(Cache, stays_within_its_size) {
    for (int i = 0; i < 50; ++i) keep(SessionId::make());
    keep(one_);
    EXPECT_TRUE(cache_.find(one_));
}

}  // namespace
}  // namespace mypost::access
