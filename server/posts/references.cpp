#include "posts/references.hpp"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace mypost::posts {

namespace {

constexpr db::Query sql_accounts{
    "posts.accounts",
    "SELECT a.id, a.brand_id, a.network, a.instance, a.kind, a.remote_id, a.handle, a.profile, "
    "a.disconnected_at, g.state"
    " FROM social_accounts a JOIN grants g ON g.id = a.grant_id WHERE a.workspace_id = $1"
    " AND a.id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid))",
    "SELECT a.id, a.brand_id, a.network, a.instance, a.kind, a.remote_id, a.handle, a.profile, "
    "a.disconnected_at, g.state"
    " FROM social_accounts a JOIN grants g ON g.id = a.grant_id WHERE a.workspace_id = $1"
    " AND a.id IN (SELECT value FROM json_each($2))"};

constexpr db::Query sql_assets{
    "posts.assets",
    "SELECT id, kind, content_type, size_bytes, width, height, sha256, alt, state, brand_id FROM media_assets"
    " WHERE workspace_id = $1 AND deleted_at IS NULL"
    " AND id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid))",
    "SELECT id, kind, content_type, size_bytes, width, height, sha256, alt, state, brand_id FROM media_assets"
    " WHERE workspace_id = $1 AND deleted_at IS NULL AND id IN (SELECT value FROM json_each($2))"};

class Checker {
  public:
    Checker(References const& references, BrandId brand) : references_(references), brand_(brand) {}

    void refuse(std::string field, std::string code, std::string message) {
        fields_.push_back(FieldError{std::move(field), std::move(code), {}, std::move(message)});
    }

    void media(std::vector<MediaUse> const& uses, std::string const& pointer) {
        for (std::size_t i = 0; i < uses.size(); ++i) {
            auto const asset = references_.assets.find(uses[i].asset_id);
            std::string const field = fmt::format("{}/{}/asset_id", pointer, i);
            if (asset == references_.assets.end() ||
                (asset->second.brand && *asset->second.brand != brand_)) {
                refuse(field, "not_found", "There is no such media asset in this brand.");
            } else if (asset->second.state == "failed") {
                refuse(field, "media_failed", "This media asset could not be processed. Upload it again.");
            }
        }
    }

    void thread(std::vector<ThreadPart> const& parts, std::string const& pointer) {
        for (std::size_t i = 0; i < parts.size(); ++i)
            media(parts[i].media, fmt::format("{}/{}/media", pointer, i));
    }

    Result<void> result() && {
        if (fields_.empty()) return {};
        return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields_));
    }

  private:
    References const& references_;
    BrandId brand_;
    std::vector<FieldError> fields_;
};

bool has_kind(networks::Registry const& networks, std::string const& network, std::string const& kind) {
    auto const* adapter = networks.find(network);
    if (!adapter) return false;
    auto const& kinds = adapter->info().kinds;
    return std::any_of(kinds.begin(), kinds.end(), [&](auto const& info) { return info.kind == kind; });
}

}  // namespace

asio::awaitable<References> load_references(Run run, WorkspaceId workspace, std::vector<AccountId> accounts,
                                            std::vector<AssetId> assets) {
    References references;
    if (!accounts.empty()) {
        db::Params params{workspace, id_list(accounts)};
        auto const rows = co_await run(sql_accounts, std::move(params));
        for (auto const& row : rows) {
            AccountFacts facts;
            facts.id = row.id<AccountId>(0);
            facts.brand = row.id<BrandId>(1);
            facts.ref.network = row.text(2);
            facts.ref.instance = row.text(3);
            facts.ref.kind = row.text(4);
            facts.ref.remote_id = row.text(5);
            facts.ref.handle = row.text(6);
            facts.ref.profile = boost::json::parse(row.text(7)).as_object();
            facts.disconnected = !row.is_null(8);
            facts.grant_state = row.text(9);
            references.accounts.emplace(facts.id, std::move(facts));
        }
    }
    if (!assets.empty()) {
        db::Params params{workspace, id_list(assets)};
        auto const rows = co_await run(sql_assets, std::move(params));
        for (auto const& row : rows) {
            AssetRow asset;
            asset.id = row.id<AssetId>(0);
            asset.kind = row.text(1);
            asset.content_type = row.text(2);
            asset.size_bytes = static_cast<std::uint64_t>(row.int64(3));
            asset.width = static_cast<int>(row.opt_int64(4).value_or(0));
            asset.height = static_cast<int>(row.opt_int64(5).value_or(0));
            asset.sha256 = row.text(6);
            asset.alt = row.text(7);
            asset.state = row.text(8);
            asset.brand = row.opt_id<BrandId>(9);
            references.assets.emplace(asset.id, std::move(asset));
        }
    }
    co_return references;
}

Result<void> check_references(access::Caller const& caller, networks::Registry const& networks,
                              References const& references, BrandId brand, Content const& content,
                              std::vector<TargetInput> const& targets) {
    Checker check(references, brand);
    check.media(content.media, "/content/media");
    check.thread(content.thread, "/content/thread");
    std::set<std::tuple<AccountId, std::string, std::int64_t>> seen;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        TargetInput const& target = targets[i];
        std::string const pointer = fmt::format("/targets/{}", i);
        auto const account = references.accounts.find(target.account_id);
        bool const usable = account != references.accounts.end() && account->second.brand == brand &&
                            caller.may_use_account(brand, target.account_id);
        if (!usable) {
            check.refuse(pointer + "/account_id", "not_found", "There is no such account in this brand.");
        } else if (!has_kind(networks, account->second.ref.network, target.kind)) {
            check.refuse(pointer + "/kind", "invalid_value",
                         "The account's network has no such kind of post.");
        }
        if (!seen.emplace(target.account_id, target.kind, target.ordinal).second) {
            check.refuse(pointer, "duplicate", "The same account, kind and ordinal stand here twice.");
        }
        if (target.content && target.content->media && *target.content->media) {
            check.media(**target.content->media, pointer + "/content/media");
        }
        if (target.content && target.content->thread && *target.content->thread) {
            check.thread(**target.content->thread, pointer + "/content/thread");
        }
    }
    return std::move(check).result();
}

namespace {

void fill_alt(std::vector<MediaUse>& uses, References const& references) {
    for (auto& use : uses) {
        auto const asset = references.assets.find(use.asset_id);
        if (!use.alt && asset != references.assets.end()) use.alt = asset->second.alt;
    }
}

}  // namespace

void fill_alt(Content& content, std::vector<TargetInput>& targets, References const& references) {
    fill_alt(content.media, references);
    for (auto& part : content.thread) fill_alt(part.media, references);
    for (auto& target : targets) {
        if (!target.content) continue;
        if (target.content->media && *target.content->media) fill_alt(**target.content->media, references);
        if (!target.content->thread || !*target.content->thread) continue;
        for (auto& part : **target.content->thread) fill_alt(part.media, references);
    }
}

Result<publishing::ChosenTime> chosen_time(When const& when, std::string const& pointer) {
    publishing::ChosenTime chosen;
    if (auto const* instant = std::get_if<Instant>(&when)) {
        chosen.at = *instant;
        return chosen;
    }
    auto const& local = std::get<LocalTime>(when);
    MP_TRY_RETURN(at, resolve(local, pointer));
    chosen.at = at;
    chosen.local = local.local.substr(0, 16);
    chosen.time_zone = local.time_zone;
    return chosen;
}

}  // namespace mypost::posts
