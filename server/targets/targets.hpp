// What people do with a single target of a post, its evidence, and pausing: permissions and audit around
// publishing/.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "core/result.hpp"
#include "posts/posts.hpp"
#include "publishing/pause.hpp"
#include "publishing/runner.hpp"

namespace mypost::targets {

namespace asio = boost::asio;

// ---- evidence, spelled as on the wire ----

struct AttemptRequest {
    std::string method;
    std::string url;  // without its query
    std::optional<std::string> summary;
};
struct AttemptResponse {
    std::optional<std::int64_t> status;
    std::optional<std::string> summary;
};
struct Attempt {
    AttemptId id;
    TargetId target_id;
    std::string part;  // "post", "thread/1", "first_comment"
    std::string kind;  // call, or what a person decided: retry | recheck | declared_not_live
    std::string step;
    Instant started_at;
    std::optional<Instant> finished_at;
    std::optional<AttemptRequest> request;    // of a call
    std::optional<AttemptResponse> response;  // once an answer is known
    std::string outcome;
    std::optional<std::string> conclusion;
    std::optional<UserId> actor_id;  // of a person's decision
    std::string worker;
};

enum class Outcome { live, not_live };
enum class Then { send_again, give_up };

struct PauseAnswer {
    bool paused = false;
    std::optional<Instant> since;
    std::optional<Instant> until;
    std::string reason;
    std::int64_t targets = 0;  // how many a resume let go of
};

class TargetService {
  public:
    // `posts` and what `publishing` refers to outlive the service.
    TargetService(publishing::Services publishing, posts::PostService& posts);

    // posts.publish in the post's brand, and the target's account among the caller's. They answer with the
    // post.
    asio::awaitable<Result<posts::PostView>> retry(access::Caller caller, PostId post, TargetId target);
    asio::awaitable<Result<posts::PostView>> check(access::Caller caller, PostId post, TargetId target);
    asio::awaitable<Result<posts::PostView>> resolve(access::Caller caller, PostId post, TargetId target,
                                                     Outcome outcome, std::string remote_url,
                                                     std::optional<Then> then);
    asio::awaitable<Result<posts::PostView>> complete(access::Caller caller, PostId post, TargetId target,
                                                      std::string remote_url);
    asio::awaitable<Result<posts::PostView>> reschedule(access::Caller caller, PostId post, TargetId target,
                                                        posts::When when);
    asio::awaitable<Result<posts::PostView>> cancel(access::Caller caller, PostId post, TargetId target);
    asio::awaitable<Result<posts::PostView>> delete_remote(access::Caller caller, PostId post,
                                                           TargetId target);

    // posts.view in the post's brand. Oldest first within a target.
    asio::awaitable<Result<std::vector<Attempt>>> attempts(access::Caller caller, PostId post);

    // posts.publish where the scope is.
    asio::awaitable<Result<PauseAnswer>> pause(access::Caller caller, publishing::PauseScope scope,
                                               std::string reason, std::optional<Instant> until);
    asio::awaitable<Result<PauseAnswer>> resume(access::Caller caller, publishing::PauseScope scope,
                                                publishing::ResumeThen then);

  private:
    struct Action;
    asio::awaitable<Result<posts::PostView>> act(access::Caller caller, PostId post, TargetId target,
                                                 Action action);
    asio::awaitable<Result<Done>> require_scope(access::Caller caller, publishing::PauseScope scope);

    publishing::Services publishing_;
    posts::PostService& posts_;
};

}  // namespace mypost::targets
