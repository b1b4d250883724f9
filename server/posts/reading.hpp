// Rows → PostView, for every function that answers with posts.
#pragma once

#include "posts/posts.hpp"

namespace mypost::posts {

// Where statements run: the database's readers, or a transaction that must see its own writes.
using Run = std::function<asio::awaitable<db::Rows>(db::Query const&, db::Params)>;
Run reading(db::Database& database);
Run reading(db::Transaction& tx);

// The workspace's posts with these ids, in their order; those that do not exist are left out.
asio::awaitable<std::vector<PostView>> load_posts(Run run, MediaLinks const& media, WorkspaceId workspace,
                                                  std::vector<PostId> ids);

// A JSON array of ids, for `IN (…)` (see sql_in_ids).
template <class AnyId>
std::string id_list(std::vector<AnyId> const& ids) {
    boost::json::array list;
    for (auto const& id : ids) list.emplace_back(id.to_string());
    return boost::json::serialize(list);
}

}  // namespace mypost::posts
