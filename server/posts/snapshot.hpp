// A post as people saved it: what versions, the audit trail and a merge offer show.
#pragma once

#include "posts/posts.hpp"

namespace mypost::posts {

// {"content":…,"targets":[…],"labels":[…],"scheduled_at":…}
std::string snapshot_json(PostInput const& input);
// Reads what snapshot_json() wrote. Throws std::runtime_error for other text.
PostInput input_from_json(std::string_view text);

// The input that would make this post again; targets keep their ids.
PostInput input_of(PostView const& post);

// The post as GET answers it.
std::string view_json(PostView const& post);

}  // namespace mypost::posts
