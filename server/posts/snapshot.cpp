#include "posts/snapshot.hpp"

#include "json/decode.hpp"
#include "json/encode.hpp"
#include "json/parse.hpp"
#include "posts/posts_describe.hpp"

namespace mypost::posts {

namespace {

std::vector<MediaUse> uses_of(std::vector<MediaView> const& media) {
    std::vector<MediaUse> uses;
    for (auto const& view : media) uses.push_back(MediaUse{view.asset_id, view.alt});
    return uses;
}

}  // namespace

std::string snapshot_json(PostInput const& input) {
    return json::serialize(input);
}

PostInput input_of(PostView const& post) {
    PostInput input;
    input.brand_id = post.brand_id;
    input.content.body = post.content.body;
    input.content.media = uses_of(post.content.media);
    input.content.link = post.content.link;
    input.content.first_comment = post.content.first_comment;
    for (auto const& part : post.content.thread)
        input.content.thread.push_back(ThreadPart{part.body, uses_of(part.media)});
    for (auto const& label : post.labels) input.labels.push_back(label.id);
    if (post.scheduled_at) input.scheduled_at = *post.scheduled_at;
    for (auto const& target : post.targets) {
        if (target.state == publishing::TargetState::cancelled) continue;
        TargetInput kept;
        kept.id = target.id;
        kept.account_id = target.account_id;
        kept.kind = target.kind;
        kept.ordinal = target.ordinal;
        kept.content = target.content;
        kept.options = target.options;
        if (target.scheduled_local) {
            kept.scheduled_at = std::optional<When>(*target.scheduled_local);
        } else if (target.scheduled_at) {
            kept.scheduled_at = std::optional<When>(*target.scheduled_at);
        }
        input.targets.push_back(std::move(kept));
    }
    return input;
}

PostInput input_from_json(std::string_view text) {
    auto value = json::parse(text);
    if (!value) throw std::runtime_error("a stored version is not JSON");
    auto input = json::decode<PostInput>(*value);
    if (!input) throw std::runtime_error("a stored version does not fit: " + input.error().message);
    return std::move(*input);
}

std::string view_json(PostView const& post) {
    return json::serialize(post);
}

}  // namespace mypost::posts
