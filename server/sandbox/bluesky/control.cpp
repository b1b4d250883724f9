// What the control API and the feeds see of Bluesky; its people, limits and switches.
#include <fmt/format.h>

#include "sandbox/bluesky/bluesky.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/framework/digest.hpp"
#include "sandbox/framework/fields.hpp"
#include "sandbox/framework/people.hpp"

namespace mypost::sandbox::bluesky {

namespace {

constexpr std::string_view entryway = "bsky.social";
constexpr std::string_view appview = "public.api.bsky.app";
constexpr std::string_view first_pds = "morel.us-east.host.bsky.network";
constexpr std::string_view second_pds = "oyster.us-west.host.bsky.network";
constexpr std::string_view third_party_pds = "pds.garden.example";

json::object default_limits() {
    return {{"requests_5min", 3000},     {"points_hour", 5000},       {"points_day", 35'000},
            {"create_session_5min", 30}, {"create_session_day", 300}, {"upload_blob_day", 1000}};
}

json::object default_switches() {
    return {{"access_lifetime_s", 7200},
            {"refresh_lifetime_s", 90 * 86'400},
            {"refresh_grace_s", 7200},
            {"blob_lifetime_s", 3600},          // of a blob that no record refers to
            {"blob_upload_limit", 52'428'800},  // on the servers of bsky.network
            {"blob_upload_limit_elsewhere", 5'242'880}};
}

std::string did_of(std::string_view handle) {
    return "did:plc:" + base32(sha256(handle)).substr(0, 24);
}

std::string app_password_of(std::string_view seed) {
    auto const letters = base32(sha256(seed));
    return fmt::format("{}-{}-{}-{}", letters.substr(0, 4), letters.substr(4, 4), letters.substr(8, 4),
                       letters.substr(12, 4));
}

bool is_handle(std::string_view text) {
    if (text.size() > 253 || text.find('.') == std::string_view::npos || text.front() == '.' ||
        text.back() == '.')
        return false;
    return text.find("..") == std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
}

}  // namespace

void Bluesky::revoke(std::string_view handle) {
    for (auto& who : state_.accounts) {
        if (!handle.empty() && who.handle != handle) continue;
        // The app password is gone and its sessions with it; its owner makes another one.
        who.sessions_from = now() + Milliseconds(1);
        who.app_password = app_password_of(services_.random.text(32));
        std::erase_if(state_.refresh_tokens, [&](auto const& entry) { return entry.second.did == who.did; });
    }
}

std::vector<PostView> Bluesky::posts() const {
    std::vector<PostView> result;
    for (auto const& record : state_.records) {
        if (record.collection != "app.bsky.feed.post" || !record.value.is_object()) continue;
        auto const* who = account(record.did);
        auto const& value = record.value.as_object();
        PostView view;
        view.id = record.uri();
        view.account = who ? who->handle : record.did;
        view.name = who ? who->name : "";
        if (auto const* text = value.if_contains("text"); text && text->is_string())
            view.text = std::string(text->as_string());
        boost::system::error_code ignored;
        if (auto const* parent = record.value.find_pointer("/reply/parent/uri", ignored);
            parent && parent->is_string()) {
            view.parent_id = std::string(parent->as_string());
        }
        view.kind = view.parent_id.empty() ? "post" : "reply";
        view.created_at = record.created_at;
        view.path = fmt::format("/bsky.app/profile/{}/post/{}", record.did, record.rkey);
        view.visible = is_live(record);
        auto const* embed = value.if_contains("embed");
        if (embed && embed->find_pointer("/media", ignored)) embed = embed->find_pointer("/media", ignored);
        auto const add = [&](json::value const* blob, json::value const* alt, std::string_view kind) {
            if (!blob) return;
            auto const* link = blob->find_pointer("/ref/$link", ignored);
            auto const found = link ? state_.blobs.find(record.did + " " + std::string(link->as_string()))
                                    : state_.blobs.end();
            if (found == state_.blobs.end()) return;
            view.media.push_back(
                {std::string(kind), static_cast<std::size_t>(found->second.size), found->second.sha256,
                 alt && alt->is_string() ? std::string(alt->as_string()) : "", found->second.mime_type});
        };
        if (embed && embed->is_object()) {
            for (auto const* list : {"/images", "/items"}) {
                auto const* items = embed->find_pointer(list, ignored);
                if (!items || !items->is_array()) continue;
                for (auto const& item : items->as_array())
                    add(item.find_pointer("/image", ignored), item.find_pointer("/alt", ignored), "image");
            }
            add(embed->find_pointer("/video", ignored), embed->find_pointer("/alt", ignored), "video");
            if (auto const* uri = embed->find_pointer("/external/uri", ignored); uri && uri->is_string()) {
                view.link_url = std::string(uri->as_string());
                view.link_title = std::string(embed->at("external").at("title").as_string());
            }
        }
        result.push_back(std::move(view));
    }
    return result;
}

std::vector<AccountView> Bluesky::accounts() const {
    std::vector<AccountView> result;
    for (auto const& who : state_.accounts) {
        AccountView view{who.handle, who.name, who.kind, "", who.app_password, {}};
        view.extra = {{"did", who.did}, {"pds", who.pds}};
        if (who.status != "active") view.extra["status"] = who.status;
        result.push_back(std::move(view));
    }
    return result;
}

Result<AccountView> Bluesky::add_account(json::value const& body) {
    Fields fields(body);
    Account who;
    who.handle = fields.required_text("handle");
    who.name = fields.text("name").value_or(who.handle);
    who.kind = fields.text("kind").value_or("person");
    who.app_password = fields.text("app_password").value_or(app_password_of("another " + who.handle));
    who.pds = fields.text("pds").value_or(std::string(first_pds));
    who.status = fields.text("status").value_or("active");
    who.needs_factor = fields.flag("needs_factor").value_or(false);
    who.did = did_of(who.handle);
    if (!who.handle.empty() && !is_handle(who.handle))
        fields.wrong("/handle", "invalid_format",
                     "A handle is a lower-case domain name such as zoe.bsky.social.");
    if (!is_handle(who.pds)) fields.wrong("/pds", "invalid_format", "pds is the host name of a data server.");
    if (who.status != "active" && who.status != "takendown" && who.status != "deactivated") {
        fields.wrong("/status", "invalid_choice", "status is active, takendown or deactivated.");
    }
    fields.refuse_unknown();
    if (auto error = fields.error()) return *std::move(error);
    if (account(who.handle)) return conflict(fmt::format("{} is there already.", who.handle));
    state_.accounts.push_back(std::move(who));
    return accounts().back();
}

std::optional<std::string> Bluesky::permalink(std::string_view host,
                                              std::vector<std::string> const& segments) const {
    if (host != "bsky.app" || segments.size() != 4 || segments[0] != "profile" || segments[2] != "post")
        return std::nullopt;
    auto const* who = account(segments[1]);
    return fmt::format("at://{}/app.bsky.feed.post/{}", who ? who->did : segments[1], segments[3]);
}

std::optional<std::string> Bluesky::profile(std::string_view host,
                                            std::vector<std::string> const& segments) const {
    if (host != "bsky.app" || segments.size() != 2 || segments[0] != "profile") return std::nullopt;
    auto const* who = account(segments[1]);
    return who ? who->handle : segments[1];
}

json::object Bluesky::extra_state() const {
    return {{"hosts",
             {{"entryway", entryway},
              {"pds", {first_pds, second_pds, third_party_pds}},
              {"appview", appview},
              {"plc", "plc.directory"}}}};
}

json::value Bluesky::save() const {
    return encode(state_);
}

void Bluesky::load(json::value const& state) {
    State loaded;
    decode(state, loaded);
    state_ = std::move(loaded);
}

void Bluesky::reset() {
    state_ = State();
    settings = Settings();
    settings.limits = default_limits();
    settings.switches = default_switches();
    settings.listing_lag_ms = 1'000;
    state_.jwt_secret = services_.random.text(43);
    for (auto const& person : people()) {
        auto const number = state_.accounts.size();
        bool const elsewhere = person.given == "nora";
        Account who;
        who.handle = elsewhere            ? fmt::format("{}.garden.example", person.given)
                     : person.is_business ? fmt::format("{}{}.bsky.social", person.given, person.family)
                                          : fmt::format("{}.bsky.social", person.given);
        who.did = did_of(who.handle);
        who.name = std::string(person.name);
        who.kind = person.is_business ? "business" : "person";
        who.pds = std::string(elsewhere ? third_party_pds : number % 2 == 0 ? first_pds : second_pds);
        who.app_password = app_password_of(who.handle);
        state_.accounts.push_back(std::move(who));
    }
}

}  // namespace mypost::sandbox::bluesky
