// Posting, editing, deleting, reading. https://docs.joinmastodon.org/methods/statuses/
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sandbox/mastodon/mastodon.hpp"
#include "sandbox/text/unicode.hpp"

namespace mypost::sandbox::mastodon {

namespace {

constexpr std::chrono::hours idempotency_lifetime{1};

std::string stripped(std::string text) {
    static constexpr std::string_view blanks = " \t\r\n\v\f";
    auto const begin = text.find_first_not_of(blanks);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::optional<std::int64_t> whole_number(std::string const& text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Ids order by length first (numbers without leading zeros; ULIDs are all of one length).
bool id_less(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

tl::expected<Poll, http::Response> read_poll(json::object const& given, Instance const& instance,
                                             Instant now) {
    Poll poll;
    auto const wrong = [](std::string text) {
        return tl::unexpected(failure(422, "Validation failed: " + text));
    };
    if (auto const* options = given.if_contains("options"); options && options->is_array()) {
        for (auto const& option : options->as_array())
            poll.options.push_back(stripped(scalar_text(option).value_or("")));
    }
    if (poll.options.size() < 2) return wrong("Options must have more than one item");
    if (poll.options.size() > static_cast<std::size_t>(instance.poll_max_options)) {
        return wrong(fmt::format("Options can't contain more than {} items", instance.poll_max_options));
    }
    for (auto const& option : poll.options) {
        if (option.empty()) return wrong("Options can't be blank");
        if (text::grapheme_count(option) > static_cast<std::size_t>(instance.poll_max_characters)) {
            return wrong(
                fmt::format("Options can't be longer than {} characters each", instance.poll_max_characters));
        }
        if (std::count(poll.options.begin(), poll.options.end(), option) > 1)
            return wrong("Options contain duplicate items");
    }
    auto const expires_in = whole_number(text_of(given, "expires_in"));
    if (!expires_in) return wrong("Expires at can't be blank");
    if (*expires_in < instance.poll_min_expiration) return wrong("Expires at is too soon");
    if (*expires_in > instance.poll_max_expiration) return wrong("Expires at is too far into the future");
    poll.expires_at = now + std::chrono::seconds(*expires_in);
    if (auto const* multiple = given.if_contains("multiple")) poll.multiple = truthy(*multiple);
    if (auto const* hide = given.if_contains("hide_totals")) poll.hide_totals = truthy(*hide);
    return poll;
}

}  // namespace

Status* Mastodon::find_status(std::string_view host, std::string_view id) {
    return const_cast<Status*>(std::as_const(*this).find_status(host, id));
}

Status const* Mastodon::find_status(std::string_view host, std::string_view id) const {
    for (auto const& status : state_.statuses) {
        if (status.id == id && status.instance == host && is_live(status)) return &status;
    }
    return nullptr;
}

bool Mastodon::may_see(Status const& status, std::optional<Session> const& session) const {
    if (status.visibility == "public" || status.visibility == "unlisted") return true;
    return session && session->account_id == status.account_id;
}

std::optional<http::Response> Mastodon::attach(Status& status, json::array const& ids, Session const& session,
                                               Instance const& instance) {
    if (ids.size() > static_cast<std::size_t>(instance.max_media_attachments)) {
        return failure(422, fmt::format("Validation failed: Cannot attach more than {} files",
                                        instance.max_media_attachments));
    }
    std::vector<Media const*> files;
    status.media_ids.clear();
    for (auto const& given : ids) {
        auto const id = scalar_text(given).value_or("");
        auto const* media = own_media(session, instance.host, id);
        if (!media || (!media->status_id.empty() && media->status_id != status.id)) {
            return failure(
                422,
                fmt::format(
                    "Validation failed: Media with ID {} not found or already attached to another post", id));
        }
        files.push_back(media);
        status.media_ids.push_back(id);
    }
    bool const has_single =
        std::any_of(files.begin(), files.end(), [](auto const* file) { return file->kind != "image"; });
    if (has_single && files.size() > 1)
        return failure(422,
                       "Validation failed: Cannot attach a video to a post that already contains images");
    for (auto const* file : files) {
        if (!is_ready(*file) || file->failed) {
            return failure(422,
                           "Validation failed: Cannot attach files that have not finished processing. Try "
                           "again in a moment!");
        }
    }
    return std::nullopt;
}

std::optional<http::Response> Mastodon::fill(Status& status, json::object const& parameters,
                                             Session const& session, Instance const& instance, bool editing) {
    if (!editing || parameters.contains("status")) status.text = stripped(text_of(parameters, "status"));
    if (!editing || parameters.contains("spoiler_text"))
        status.spoiler_text = stripped(text_of(parameters, "spoiler_text"));
    if (status.text.empty() && !status.spoiler_text.empty())
        status.text = std::exchange(status.spoiler_text, "");
    if (auto const* sensitive = parameters.if_contains("sensitive")) status.sensitive = truthy(*sensitive);
    if (!status.spoiler_text.empty()) status.sensitive = true;
    if (parameters.contains("language")) status.language = text_of(parameters, "language");
    if (!status.language.empty() && (status.language.size() < 2 || status.language.size() > 8))
        status.language.clear();
    auto const* ids = parameters.if_contains("media_ids");
    auto const* poll = parameters.if_contains("poll");
    bool const wants_media = ids && ids->is_array() && !ids->as_array().empty();
    if (poll && poll->is_object() && wants_media)
        return failure(422, "Validation failed: Cannot attach a poll to a post with media");
    if (ids && !ids->is_null() && !ids->is_array())
        return failure(422, "Validation failed: media_ids must be an array");
    if (ids && ids->is_array()) {
        if (auto wrong = attach(status, ids->as_array(), session, instance)) return wrong;
    }
    if (poll && poll->is_object()) {
        auto read = read_poll(poll->as_object(), instance, now());
        if (!read) return read.error();
        read->id = new_id(instance);
        status.poll = *std::move(read);
    }
    if (status.text.empty() && status.media_ids.empty())
        return failure(422, "Validation failed: Text can't be blank");
    auto const length = counted_length(status.spoiler_text, instance.characters_reserved_per_url) +
                        counted_length(status.text, instance.characters_reserved_per_url);
    if (length > static_cast<std::size_t>(instance.max_characters)) {
        return failure(422, fmt::format("Validation failed: Text character limit of {} exceeded",
                                        instance.max_characters));
    }
    return std::nullopt;
}

http::Response Mastodon::create_status(Call& call, Instance const& instance) {
    auto who = session(call, {"write:statuses"});
    if (!who) return who.error();
    auto parameters = rails_parameters(call);
    if (!parameters) return failure(400, parameters.error().message);
    auto const key = call.header("Idempotency-Key");
    auto const slot = fmt::format("{} {} {}", call.host, who->account_id, key);
    if (auto const known = state_.idempotency.find(slot); !key.empty() && known != state_.idempotency.end() &&
                                                          now() < known->second.at + idempotency_lifetime) {
        bool const racing = now() < known->second.at + Milliseconds(settings.number("idempotency_race_ms"));
        if (racing && settings.is_on("idempotency_lock")) return error_answer(503);
        if (!racing) {
            auto const* first = find_status(call.host, known->second.status_id);
            return first ? json_answer(200, status_json(instance, *first, *who))
                         : failure(404, "Record not found");
        }
    }
    if (parameters->contains("scheduled_at") && !text_of(*parameters, "scheduled_at").empty()) {
        return failure(422, "Validation failed: This sandbox does not simulate scheduled statuses");
    }
    Status status;
    status.instance = call.host;
    status.account_id = who->account_id;
    status.client_id = who->token->client_id;
    status.visibility = text_of(*parameters, "visibility");
    if (status.visibility.empty()) status.visibility = "public";
    if (status.visibility != "public" && status.visibility != "unlisted" && status.visibility != "private" &&
        status.visibility != "direct") {
        return failure(422, fmt::format("'{}' is not a valid visibility", status.visibility));
    }
    status.in_reply_to_id = text_of(*parameters, "in_reply_to_id");
    if (!status.in_reply_to_id.empty()) {
        auto const* parent = find_status(call.host, status.in_reply_to_id);
        if (!parent || !may_see(*parent, *who)) return failure(404, "Record not found");
    }
    if (instance.minor >= 5) status.quoted_status_id = text_of(*parameters, "quoted_status_id");
    if (!status.quoted_status_id.empty() && !find_status(call.host, status.quoted_status_id))
        return failure(404, "Record not found");
    if (auto wrong = fill(status, *parameters, *who, instance, false)) return *std::move(wrong);
    auto const rate = take_rate(fmt::format("statuses {} {}", call.host, who->account_id), "statuses_3h",
                                std::chrono::hours(3));
    if (rate && !rate->allowed) {
        auto response = failure(429, "Too many requests");
        add_rate_headers(call, response, *rate);
        return response;
    }
    status.id = new_id(instance);
    status.created_at = now();
    if (auto const fault = call.take_fault({"reject_later"}))
        status.removed_at = now() + Milliseconds(std::max<std::int64_t>(fault->delay_ms, 1));
    for (auto const& id : status.media_ids) state_.media.at(id).status_id = status.id;
    if (!key.empty()) state_.idempotency[slot] = {status.id, now()};
    state_.statuses.push_back(status);
    auto response = json_answer(200, status_json(instance, status, *who));
    if (rate) add_rate_headers(call, response, *rate);
    return response;
}

http::Response Mastodon::edit_status(Call const& call, Instance const& instance, std::string const& id) {
    auto who = session(call, {"write:statuses"});
    if (!who) return who.error();
    auto* status = find_status(call.host, id);
    if (!status || status->account_id != who->account_id) return failure(404, "Record not found");
    auto parameters = rails_parameters(call);
    if (!parameters) return failure(400, parameters.error().message);
    auto edited = *status;
    if (auto wrong = fill(edited, *parameters, *who, instance, true)) return *std::move(wrong);
    if (auto const* attributes = parameters->if_contains("media_attributes");
        attributes && attributes->is_array()) {
        for (auto const& item : attributes->as_array()) {
            if (!item.is_object()) continue;
            auto* media = own_media(*who, call.host, text_of(item.as_object(), "id"));
            if (media && item.as_object().contains("description"))
                media->description = text_of(item.as_object(), "description");
        }
    }
    for (auto const& old : status->media_ids) state_.media.at(old).status_id.clear();
    for (auto const& added : edited.media_ids) state_.media.at(added).status_id = id;
    edited.edited_at = now();
    *status = std::move(edited);
    return json_answer(200, status_json(instance, *status, *who));
}

http::Response Mastodon::delete_status(Call const& call, Instance const& instance, std::string const& id) {
    auto who = session(call, {"write:statuses"});
    if (!who) return who.error();
    auto* status = find_status(call.host, id);
    if (!status || status->account_id != who->account_id) return failure(404, "Record not found");
    auto const rate = take_rate(fmt::format("deletes {} {}", call.host, who->account_id), "deletes_30min",
                                std::chrono::minutes(30));
    if (rate && !rate->allowed) {
        auto refused = failure(429, "Too many requests");
        add_rate_headers(call, refused, *rate);
        return refused;
    }
    auto answer = status_json(instance, *status, *who);
    answer["text"] = status->text;
    status->removed_at = now();
    // The files are free again for a redraft, unless the caller says otherwise.
    bool const with_media =
        instance.minor >= 4 && truthy(json::value(call.query("delete_media").value_or("")));
    for (auto const& media_id : status->media_ids) {
        auto& media = state_.media.at(media_id);
        media.status_id.clear();
        media.created_at = now();
        media.deleted = with_media;
    }
    auto response = json_answer(200, answer);
    if (rate) add_rate_headers(call, response, *rate);
    return response;
}

http::Response Mastodon::show_status(Call const& call, Instance const& instance,
                                     std::string const& id) const {
    auto const who = session_if_any(call);
    if (call.bearer() && !who) return session(call, {}).error();
    auto const* status = find_status(call.host, id);
    if (!status || !may_see(*status, who)) return failure(404, "Record not found");
    return json_answer(200, status_json(instance, *status, who));
}

http::Response Mastodon::show_statuses(Call const& call, Instance const& instance) const {
    auto const who = session_if_any(call);
    if (call.bearer() && !who) return session(call, {}).error();
    json::array result;
    std::size_t asked = 0;
    for (auto const& [name, value] : call.request.query_pairs()) {
        if ((name != "id[]" && name != "id") || ++asked > 20) continue;
        auto const* status = find_status(call.host, value);
        if (status && may_see(*status, who)) result.push_back(status_json(instance, *status, who));
    }
    return json_answer(200, result);
}

http::Response Mastodon::account_statuses(Call const& call, Instance const& instance, std::string const& id) {
    auto const who = session_if_any(call);
    if (call.bearer()) {
        auto allowed = session(call, {"read:statuses"});
        if (!allowed) return allowed.error();
    }
    if (!person_by_id(instance, id)) return failure(404, "Record not found");
    auto const query = [&](std::string_view name) { return call.query(name).value_or(""); };
    auto const limit = std::clamp<std::int64_t>(whole_number(query("limit")).value_or(20), 1, 40);
    auto const max_id = query("max_id");
    auto const since_id = query("since_id");
    auto const min_id = query("min_id");
    if (!max_id.empty() || !min_id.empty()) {
        auto const rate = take_rate(
            fmt::format("paging {} {}", call.host, who ? who->account_id : call.request.remote_address),
            "paging_15min", std::chrono::minutes(15));
        if (rate && !rate->allowed) {
            auto refused = failure(429, "Too many requests");
            add_rate_headers(call, refused, *rate);
            return refused;
        }
    }
    std::vector<Status const*> found;
    for (auto const& status : state_.statuses) {
        bool const listed = status.instance == call.host && status.account_id == id && is_live(status) &&
                            may_see(status, who) &&
                            now() >= status.created_at + Milliseconds(settings.listing_lag_ms);
        if (!listed || (!max_id.empty() && !id_less(status.id, max_id)) ||
            (!since_id.empty() && !id_less(since_id, status.id)) ||
            (!min_id.empty() && !id_less(min_id, status.id))) {
            continue;
        }
        if (truthy(json::value(query("exclude_replies"))) && !status.in_reply_to_id.empty()) continue;
        if (truthy(json::value(query("only_media"))) && status.media_ids.empty()) continue;
        found.push_back(&status);
    }
    auto const wanted = static_cast<std::size_t>(limit);
    // min_id asks for the page right after it, the others for the newest.
    if (!min_id.empty() && found.size() > wanted) found.resize(wanted);
    std::reverse(found.begin(), found.end());
    if (found.size() > wanted) found.resize(wanted);
    json::array result;
    for (auto const* status : found) result.push_back(status_json(instance, *status, who));
    auto response = json_answer(200, result);
    if (!found.empty()) {
        auto const page =
            fmt::format("https://{}/api/v1/accounts/{}/statuses?limit={}", call.host, id, limit);
        auto link = fmt::format("<{}&min_id={}>; rel=\"prev\"", page, found.front()->id);
        if (found.size() == wanted)
            link = fmt::format("<{}&max_id={}>; rel=\"next\", {}", page, found.back()->id, link);
        response.headers.set("Link", link);
    }
    return response;
}

http::Response Mastodon::show_context(Call const& call, Instance const& instance,
                                      std::string const& id) const {
    auto const who = session_if_any(call);
    auto const* status = find_status(call.host, id);
    if (!status || !may_see(*status, who)) return failure(404, "Record not found");
    json::array ancestors;
    for (auto const* parent = find_status(call.host, status->in_reply_to_id); parent;
         parent = find_status(call.host, parent->in_reply_to_id)) {
        ancestors.insert(ancestors.begin(), status_json(instance, *parent, who));
    }
    json::array descendants;
    std::vector<std::string> above{id};
    for (auto const& reply : state_.statuses) {
        bool const below = std::find(above.begin(), above.end(), reply.in_reply_to_id) != above.end();
        if (!below || reply.instance != call.host || !is_live(reply) || !may_see(reply, who)) continue;
        above.push_back(reply.id);
        descendants.push_back(status_json(instance, reply, who));
    }
    return json_answer(200, json::object{{"ancestors", ancestors}, {"descendants", descendants}});
}

http::Response Mastodon::show_poll(Call const& call, Instance const&, std::string const& id) const {
    for (auto const& status : state_.statuses) {
        if (status.poll && status.poll->id == id && status.instance == call.host && is_live(status) &&
            may_see(status, session_if_any(call))) {
            return json_answer(200, poll_json(*status.poll));
        }
    }
    return failure(404, "Record not found");
}

}  // namespace mypost::sandbox::mastodon
