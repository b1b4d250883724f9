// The JSON form of posts.hpp; included by snapshot.cpp and routes.cpp only.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "posts/content_describe.hpp"
#include "posts/posts.hpp"

namespace mypost::publishing {
BOOST_DESCRIBE_ENUM(TargetState, draft, pending_approval, scheduled, held, publishing, retrying, manual,
                    published, failed, unconfirmed, missed, removed, cancelled)
BOOST_DESCRIBE_ENUM(PostStatus, draft, pending_approval, scheduled, publishing, needs_attention, published,
                    partially_published, failed, cancelled)
}  // namespace mypost::publishing

namespace mypost::posts {
BOOST_DESCRIBE_STRUCT(LocalTime, (), (local, time_zone))
BOOST_DESCRIBE_STRUCT(TargetInput, (), (id, account_id, kind, ordinal, content, options, scheduled_at))
BOOST_DESCRIBE_STRUCT(PostInput, (), (brand_id, content, targets, labels, scheduled_at))
BOOST_DESCRIBE_STRUCT(PostPatch, (), (content, targets, labels, scheduled_at))
BOOST_DESCRIBE_STRUCT(Label, (), (id, name, color, version))
BOOST_DESCRIBE_STRUCT(Author, (), (id, name))
BOOST_DESCRIBE_STRUCT(PartErrorView, (), (code, message))
BOOST_DESCRIBE_STRUCT(ReadinessReasonView, (), (code, blocks, message))
BOOST_DESCRIBE_STRUCT(PartView, (), (role, index, state, remote_id, remote_url, error))
BOOST_DESCRIBE_STRUCT(TargetErrorView, (), (code, params, message, retryable))
BOOST_DESCRIBE_STRUCT(MediaView, (), (asset_id, alt, kind, width, height, thumbnail_url, url))
BOOST_DESCRIBE_STRUCT(ThreadPartView, (), (body, media))
BOOST_DESCRIBE_STRUCT(ContentView, (), (body, media, link, first_comment, thread))
BOOST_DESCRIBE_STRUCT(TargetView, (),
                      (id, account_id, network, kind, ordinal, state, held_reason, readiness,
                       readiness_reasons, content, effective_content, options, scheduled_at, scheduled_local,
                       published_at, verified_at, remote_id, remote_url, parts, attempt_count,
                       next_attempt_at, error))
BOOST_DESCRIBE_STRUCT(PostView, (),
                      (id, workspace_id, brand_id, author, status, readiness, content, labels, scheduled_at,
                       published_at, version, approved_version, created_at, updated_at, targets))
BOOST_DESCRIBE_STRUCT(IssueView, (), (account_id, part, field, code, params, severity, message))
BOOST_DESCRIBE_STRUCT(VersionView, (),
                      (id, version, author, created_at, content, targets, labels, scheduled_at))
}  // namespace mypost::posts

namespace mypost::json {

template <>
struct rules<posts::LocalTime> {
    static constexpr std::string_view name = "LocalTime";
    static constexpr auto value =
        std::tuple{field<&posts::LocalTime::local>{{.doc = "Wall clock: 2026-11-22T09:00", .max_len = 19}},
                   field<&posts::LocalTime::time_zone>{{.doc = "IANA zone: Europe/Berlin", .max_len = 64}}};
};
template <>
struct rules<posts::TargetInput> {
    static constexpr std::string_view name = "TargetInput";
    static constexpr auto value = std::tuple{
        field<&posts::TargetInput::id>{{.doc = "Of an existing target"}},
        field<&posts::TargetInput::kind>{
            {.doc = "Kind of post; see GET /networks", .max_len = 40, .optional = true}},
        field<&posts::TargetInput::ordinal>{{.doc = "Tells apart several targets of one account and kind",
                                             .min = 0,
                                             .max = 99,
                                             .optional = true}},
        field<&posts::TargetInput::options>{
            {.doc = "Per-network options; see GET /networks", .nullable = true, .optional = true}},
        field<&posts::TargetInput::scheduled_at>{{.doc = "Its own time; null: the post's"}}};
};
template <>
struct rules<posts::PostInput> {
    static constexpr std::string_view name = "PostInput";
    static constexpr auto value = std::tuple{
        field<&posts::PostInput::targets>{{.doc = "Accounts it goes to", .max_items = 100, .optional = true}},
        field<&posts::PostInput::labels>{{.max_items = 50, .optional = true}},
        field<&posts::PostInput::scheduled_at>{
            {.doc = "Planned date; the post stays a draft until it is scheduled"}}};
};
template <>
struct rules<posts::PostPatch> {
    static constexpr std::string_view name = "PostPatch";
    static constexpr auto value = std::tuple{field<&posts::PostPatch::targets>{{.max_items = 100}},
                                             field<&posts::PostPatch::labels>{{.max_items = 50}}};
};
template <>
struct rules<posts::PostView> {
    static constexpr std::string_view name = "Post";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::TargetView> {
    static constexpr std::string_view name = "Target";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::PartErrorView> {
    static constexpr std::string_view name = "PartError";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::ReadinessReasonView> {
    static constexpr std::string_view name = "ReadinessReason";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::TargetErrorView> {
    static constexpr std::string_view name = "TargetError";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::PartView> {
    static constexpr std::string_view name = "Part";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::ContentView> {
    static constexpr std::string_view name = "ShownContent";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::MediaView> {
    static constexpr std::string_view name = "ShownMedia";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::ThreadPartView> {
    static constexpr std::string_view name = "ShownThreadPart";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::IssueView> {
    static constexpr std::string_view name = "Issue";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<posts::VersionView> {
    static constexpr std::string_view name = "PostVersion";
    static constexpr auto value = std::tuple<>{};
};

}  // namespace mypost::json
