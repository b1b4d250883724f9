#include "brands/routes.hpp"

#include <boost/describe/enum.hpp>

#include "http/etag.hpp"
#include "http/page.hpp"
#include "json/encode.hpp"

namespace mypost::brands {

BOOST_DESCRIBE_ENUM(ApprovalPolicy, none, required, required_self_allowed)

namespace {

using access::Caller;
using access::Permission;
using http::Method;
using http::None;

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))
struct BrandPath {
    WorkspaceId workspace;
    BrandId brand;
};
BOOST_DESCRIBE_STRUCT(BrandPath, (), (workspace, brand))
struct PauseView {
    Instant since;
    std::optional<Instant> until;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(PauseView, (), (since, until, reason))
struct BrandView {
    BrandId id;
    WorkspaceId workspace_id;
    std::string name;
    std::optional<std::string> color;
    std::optional<std::string> time_zone;
    std::optional<std::string> content_language;
    ApprovalPolicy approval_policy = ApprovalPolicy::none;
    std::optional<PauseView> paused;
    std::int64_t version = 0;
    Instant created_at;
    Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(BrandView, (),
                      (id, workspace_id, name, color, time_zone, content_language, approval_policy, paused,
                       version, created_at, updated_at))
struct BrandInput {
    std::string name;
    std::optional<std::string> color;
    std::optional<std::string> time_zone;
    std::optional<std::string> content_language;
    ApprovalPolicy approval_policy = ApprovalPolicy::none;
};
BOOST_DESCRIBE_STRUCT(BrandInput, (), (name, color, time_zone, content_language, approval_policy))
struct BrandPatch {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> color;
    std::optional<std::optional<std::string>> time_zone;
    std::optional<std::optional<std::string>> content_language;
    std::optional<ApprovalPolicy> approval_policy;
};
BOOST_DESCRIBE_STRUCT(BrandPatch, (), (name, color, time_zone, content_language, approval_policy))

}  // namespace
}  // namespace mypost::brands

namespace mypost::json {
template <>
struct rules<brands::PauseView> {
    static constexpr std::string_view name = "BrandPause";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<brands::BrandView> {
    static constexpr std::string_view name = "Brand";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<brands::BrandInput> {
    static constexpr auto value = std::tuple{
        field<&brands::BrandInput::name>{{.min_len = 1, .max_len = 100}},
        field<&brands::BrandInput::color>{{.doc = "#rrggbb", .max_len = 7}},
        field<&brands::BrandInput::time_zone>{{.doc = "IANA zone; absent: the workspace's", .max_len = 64}},
        field<&brands::BrandInput::content_language>{{.doc = "BCP 47 tag", .max_len = 35}},
        field<&brands::BrandInput::approval_policy>{
            {.doc = "Who must approve before anything goes out", .optional = true}}};
};
template <>
struct rules<brands::BrandPatch> {
    static constexpr auto value = std::tuple{field<&brands::BrandPatch::name>{{.min_len = 1, .max_len = 100}},
                                             field<&brands::BrandPatch::color>{{.max_len = 7}},
                                             field<&brands::BrandPatch::time_zone>{{.max_len = 64}},
                                             field<&brands::BrandPatch::content_language>{{.max_len = 35}}};
};
}  // namespace mypost::json

namespace mypost::brands {

namespace {

BrandView view_of(Brand const& b) {
    BrandView view{
        b.id, b.workspace, b.name,       b.color,     b.time_zone, b.content_language, b.approval_policy,
        {},   b.version,   b.created_at, b.updated_at};
    if (b.pause) view.paused = PauseView{b.pause->since, b.pause->until, b.pause->reason};
    return view;
}

http::Reply<BrandView> tagged(Brand const& brand) {
    std::string const state = brand.pause ? std::to_string(to_ms(brand.pause->since)) : "open";
    return http::with_etag(view_of(brand), brand.version, state);
}

asio::awaitable<Result<http::Reply<BrandView>>> reply(asio::awaitable<Result<Brand>> work) {
    MP_TRY(brand, co_await std::move(work));
    co_return tagged(brand);
}

}  // namespace

void add_routes(http::Router& router, BrandService& brands) {
    router.add(http::Route<WorkspacePath, None, None, http::List<BrandView>>(
                   Method::get, "/workspaces/{workspace}/brands", "listBrands", "Brands you may see",
                   Permission::brands_view),
               [&brands](Caller const& who, WorkspacePath) -> asio::awaitable<Result<http::List<BrandView>>> {
                   http::List<BrandView> list;
                   auto const found = co_await brands.list(who);
                   for (auto const& brand : found) list.data.push_back(view_of(brand));
                   co_return list;
               });
    router.add(http::Route<WorkspacePath, None, BrandInput, BrandView>(
                   Method::post, "/workspaces/{workspace}/brands", "createBrand", "Create a brand",
                   Permission::brands_create, {.ok = 201, .audit = "brand.create"}),
               [&brands](Caller const& who, WorkspacePath, BrandInput input) {
                   NewBrand wanted{std::move(input.name), std::move(input.color), std::move(input.time_zone),
                                   std::move(input.content_language), input.approval_policy};
                   return reply(brands.create(who, std::move(wanted)));
               });
    router.add(
        http::Route<BrandPath, None, None, BrandView>(Method::get, "/workspaces/{workspace}/brands/{brand}",
                                                      "getBrand", "One brand", Permission::brands_view),
        [&brands](Caller const& who, BrandPath path) { return reply(brands.find(who, path.brand)); });
    router.add(http::Route<BrandPath, None, BrandPatch, BrandView>(
                   Method::patch, "/workspaces/{workspace}/brands/{brand}", "updateBrand", "Change a brand",
                   Permission::brands_edit, {.if_match = true, .audit = "brand.edit"}),
               [&brands](Caller const& who, http::RequestInfo const& info, BrandPath path,
                         BrandPatch patch) -> asio::awaitable<Result<http::Reply<BrandView>>> {
                   BrandChange change{patch.name, patch.color, patch.time_zone, patch.content_language,
                                      patch.approval_policy};
                   auto changed = co_await brands.change(who, path.brand, *info.if_match, std::move(change));
                   if (!changed) {
                       Error error = changed.error();
                       if (error.code == ErrorCode::version_mismatch) {
                           auto const current = co_await brands.find(who, path.brand);
                           if (current) error.current_json = json::serialize(view_of(*current));
                       }
                       co_return error;
                   }
                   co_return tagged(*changed);
               });
    router.add(http::Route<BrandPath, None, None, None>(
                   Method::delete_, "/workspaces/{workspace}/brands/{brand}", "deleteBrand",
                   "Delete a brand without accounts and scheduled posts", Permission::brands_delete,
                   {.audit = "brand.delete", .errors = {ErrorCode::conflict}}),
               [&brands](Caller const& who, BrandPath path) { return brands.remove(who, path.brand); });
}

}  // namespace mypost::brands
