// Writing and reading records. https://docs.bsky.app/docs/api/com-atproto-repo-put-record
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/encoding.hpp"
#include "sandbox/bluesky/bluesky.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/bluesky/lexicon.hpp"

namespace mypost::sandbox::bluesky {

namespace {

constexpr std::size_t record_max_bytes = 1'000'000;
constexpr std::size_t writes_max_bytes = 2'000'000;
constexpr std::size_t writes_max = 200;
constexpr std::int64_t create_points = 3;
constexpr std::int64_t update_points = 2;
constexpr std::int64_t delete_points = 1;

std::string text_member(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// Says which of these text members is missing or no text.
std::optional<http::Response> require(json::object const& body,
                                      std::initializer_list<std::string_view> names) {
    for (auto const name : names) {
        auto const* value = body.if_contains(name);
        if (!value) return invalid_request(fmt::format("Input must have the property \"{}\"", name));
        if (!value->is_string()) return invalid_request(fmt::format("Input/{} must be a string", name));
    }
    return std::nullopt;
}

bool accepts(std::string_view accept, std::string_view mime_type) {
    return accept.ends_with("/*") ? mime_type.starts_with(accept.substr(0, accept.size() - 1))
                                  : accept == mime_type;
}

http::Response server_error() {
    return failure(500, "InternalServerError", "Internal Server Error");
}

json::object with_commit(json::object answer, json::object commit) {
    answer["commit"] = std::move(commit);
    return answer;
}

}  // namespace

Bluesky::Or<json::object> Bluesky::input(Call const& call, std::size_t max_bytes) const {
    if (call.request.body.size() > max_bytes)
        return tl::unexpected(failure(413, "PayloadTooLarge", "request entity too large"));
    auto const type = call.content_type();
    if (type.empty())
        return tl::unexpected(invalid_request("Request encoding (Content-Type) required but not provided"));
    if (type != "application/json")
        return tl::unexpected(
            invalid_request(fmt::format("Wrong request encoding (Content-Type): {}", type)));
    if (!is_valid_utf8(call.request.body))
        return tl::unexpected(invalid_request("The body is not valid UTF-8"));
    boost::system::error_code error;
    auto body = json::parse(call.request.body, error);
    if (error || !body.is_object()) return tl::unexpected(invalid_request("Input must be an object"));
    return std::move(body.as_object());
}

Bluesky::Or<Account const*> Bluesky::writer(Call const& call, json::object const& body) const {
    auto who = authenticate(call);
    if (!who) return who;
    if (auto wrong = require(body, {"repo"})) return tl::unexpected(*std::move(wrong));
    auto const* repo = account(text_member(body, "repo"));
    if (repo != *who)
        return tl::unexpected(failure(401, "AuthenticationRequired", "Authentication Required"));
    return who;
}

Record* Bluesky::live_record(std::string_view did, std::string_view collection, std::string_view rkey) {
    for (auto record = state_.records.rbegin(); record != state_.records.rend(); ++record) {
        if (record->rkey == rkey && record->did == did && record->collection == collection &&
            is_live(*record))
            return &*record;
    }
    return nullptr;
}

// Checks names and content, fills in $type, CID and what the lexicon says; `validate` as in the call, may be
// null.
Bluesky::Or<Bluesky::Write> Bluesky::prepare(Write write, Account const& who, json::value const* validate) {
    auto const wrong = [](std::string_view message) { return tl::unexpected(invalid_request(message)); };
    if (!is_nsid(write.collection)) return wrong("Input/collection must be a valid nsid");
    bool const is_gate =
        write.collection == "app.bsky.feed.threadgate" || write.collection == "app.bsky.feed.postgate";
    if (write.rkey.empty()) write.rkey = new_tid();
    if (!is_record_key(write.rkey)) return wrong("Input/rkey must be a valid record key");
    if ((write.collection == "app.bsky.feed.post" || is_gate) && !is_tid(write.rkey))
        return wrong("Invalid record key. Not a valid TID: " + write.rkey);
    if (write.kind == Write::Kind::remove) return write;
    if (!write.value.is_object()) return wrong("Input/record must be an object");
    auto& record = write.value.as_object();
    if (!record.contains("$type")) record["$type"] = write.collection;
    if (record.at("$type") != json::value(write.collection)) {
        return wrong(fmt::format("Invalid $type: expected {}, got {}", write.collection,
                                 text_member(record, "$type")));
    }
    bool const skips = validate && validate->is_bool() && !validate->as_bool();
    auto const check = check_record(write.collection, record);
    if (!skips) {
        bool const insists = validate && validate->is_bool() && validate->as_bool();
        if (!check.known && insists) return wrong(fmt::format("Lexicon not found: lex:{}", write.collection));
        if (!check.error.empty())
            return wrong(fmt::format("Invalid {} record: {}", write.collection, check.error));
        write.validation = check.known ? "valid" : "unknown";
        if (is_gate && text_member(record, "post").find("/" + write.rkey) == std::string::npos) {
            return wrong(
                fmt::format("Invalid {} record: the record key must be the post's", write.collection));
        }
    }
    for (auto const& use : check.blobs) {
        auto const* blob = find_blob(who.did, use.cid);
        if (!blob) return tl::unexpected(failure(400, "BlobNotFound", "Could not find blob: " + use.cid));
        if (blob->mime_type != use.mime_type) {
            return tl::unexpected(
                failure(400, "InvalidMimeType",
                        fmt::format("Referenced Mimetype does not match stored blob. Expected: {}, Got: {}",
                                    blob->mime_type, use.mime_type)));
        }
        if (!accepts(use.accept, use.mime_type)) {
            return tl::unexpected(failure(400, "InvalidMimeType",
                                          fmt::format("Wrong type of file. It is {} but it must match {}.",
                                                      use.mime_type, use.accept)));
        }
        if (blob->size != use.size)
            return tl::unexpected(failure(400, "InvalidSize", "Referenced size does not match stored blob."));
        if (use.size > use.max_size) {
            return tl::unexpected(failure(
                400, "BlobTooLarge",
                fmt::format("This file is too large. It is {} bytes but the maximum size is {} bytes.",
                            use.size, use.max_size)));
        }
        write.blob_cids.push_back(use.cid);
    }
    auto const bytes = dag_cbor(write.value);
    if (!bytes)
        return wrong("Input/record is not a valid record: fractions, broken links or bytes are not allowed");
    write.cid = cid_of_cbor(*bytes);
    return write;
}

std::optional<http::Response> Bluesky::check_swap_commit(json::object const& body, Account const& who) const {
    auto const* wanted = body.if_contains("swapCommit");
    if (!wanted || wanted->is_null()) return std::nullopt;
    auto const head = state_.heads.find(who.did);
    auto const current = head == state_.heads.end() ? std::string() : head->second;
    if (*wanted == json::value(current)) return std::nullopt;
    return failure(400, "InvalidSwap", "Commit was at " + current);
}

std::optional<http::Response> Bluesky::spend(Account const& who, std::int64_t points,
                                             std::optional<Rate>& rate) {
    if (settings.limits_off) return std::nullopt;
    auto const hour = std::chrono::hours(1);
    auto const day = std::chrono::hours(24);
    auto const daily =
        state_.rates.look("points day " + who.did, settings.limit("points_day"), day, now(), points);
    if (!daily.allowed) return rate_limited(daily, day);
    rate = state_.rates.take("points hour " + who.did, settings.limit("points_hour"), hour, now(), points);
    if (!rate->allowed) return rate_limited(*rate, hour);
    (void)state_.rates.take("points day " + who.did, settings.limit("points_day"), day, now(), points);
    return std::nullopt;
}

// Applies prepared writes, all of them, and makes the repository's new head.
json::object Bluesky::commit(Account const& who, std::vector<Write> const& writes, Call& call) {
    auto const rev = new_tid();
    json::array operations;
    for (auto const& write : writes) {
        operations.push_back(
            json::object{{"collection", write.collection}, {"rkey", write.rkey}, {"cid", write.cid}});
        for (auto const& cid : write.blob_cids) state_.blobs.at(who.did + " " + cid).referenced = true;
        auto* present = live_record(who.did, write.collection, write.rkey);
        if (write.kind == Write::Kind::remove) {
            if (present) present->removed_at = now();
        } else if (present) {
            present->value = write.value;
            present->cid = write.cid;
        } else {
            Record record{who.did,     write.collection, write.rkey, write.value, write.cid,
                          write.value, write.cid,        now(),      std::nullopt};
            if (write.collection == "app.bsky.feed.post") {
                if (auto const fault = call.take_fault({"reject_later"}))
                    record.removed_at = now() + Milliseconds(std::max<std::int64_t>(fault->delay_ms, 1));
            }
            state_.records.push_back(std::move(record));
        }
    }
    // The head is a digest of the change; it does not prove a whole repository tree as a real commit does.
    auto const head = cid_of_cbor(*dag_cbor(
        json::object{{"did", who.did}, {"rev", rev}, {"prev", state_.heads[who.did]}, {"ops", operations}}));
    state_.heads[who.did] = head;
    return {{"cid", head}, {"rev", rev}};
}

http::Response Bluesky::create_record(Call& call) {
    auto body = input(call, record_max_bytes);
    if (!body) return body.error();
    auto who = writer(call, *body);
    if (!who) return who.error();
    if (auto wrong = require(*body, {"collection"})) return *std::move(wrong);
    auto const* record = body->if_contains("record");
    if (!record) return invalid_request("Input must have the property \"record\"");
    auto write = prepare({Write::Kind::create,
                          text_member(*body, "collection"),
                          text_member(*body, "rkey"),
                          *record,
                          "",
                          "",
                          {}},
                         **who, body->if_contains("validate"));
    if (!write) return write.error();
    if (auto wrong = check_swap_commit(*body, **who)) return *std::move(wrong);
    std::optional<Rate> rate;
    if (auto refused = spend(**who, create_points, rate)) return *std::move(refused);
    // The reference server stumbles over a key that is there already.
    if (live_record((*who)->did, write->collection, write->rkey)) return server_error();
    json::object answer{{"uri", fmt::format("at://{}/{}/{}", (*who)->did, write->collection, write->rkey)},
                        {"cid", write->cid}};
    auto const made = commit(**who, {*write}, call);
    if (!write->validation.empty()) answer["validationStatus"] = write->validation;
    auto response = json_answer(200, with_commit(std::move(answer), made));
    if (rate) add_rate_headers(response, *rate, std::chrono::hours(1));
    return response;
}

http::Response Bluesky::put_record(Call& call) {
    auto body = input(call, record_max_bytes);
    if (!body) return body.error();
    auto who = writer(call, *body);
    if (!who) return who.error();
    if (auto wrong = require(*body, {"collection", "rkey"})) return *std::move(wrong);
    auto const* record = body->if_contains("record");
    if (!record) return invalid_request("Input must have the property \"record\"");
    if (text_member(*body, "rkey").empty()) return invalid_request("Input/rkey must be a valid record key");
    auto write = prepare({Write::Kind::update,
                          text_member(*body, "collection"),
                          text_member(*body, "rkey"),
                          *record,
                          "",
                          "",
                          {}},
                         **who, body->if_contains("validate"));
    if (!write) return write.error();
    if (auto wrong = check_swap_commit(*body, **who)) return *std::move(wrong);
    auto const* present = live_record((*who)->did, write->collection, write->rkey);
    if (auto const* swap = body->if_contains("swapRecord")) {
        bool const fits =
            swap->is_null() ? present == nullptr : present && *swap == json::value(present->cid);
        if (!fits)
            return failure(400, "InvalidSwap",
                           "Record was at " + (present ? present->cid : std::string("null")));
    }
    json::object answer{{"uri", fmt::format("at://{}/{}/{}", (*who)->did, write->collection, write->rkey)},
                        {"cid", write->cid}};
    if (!write->validation.empty()) answer["validationStatus"] = write->validation;
    if (present && present->cid == write->cid) return json_answer(200, answer);
    std::optional<Rate> rate;
    if (auto refused = spend(**who, present ? update_points : create_points, rate))
        return *std::move(refused);
    auto const made = commit(**who, {*write}, call);
    auto response = json_answer(200, with_commit(std::move(answer), made));
    if (rate) add_rate_headers(response, *rate, std::chrono::hours(1));
    return response;
}

http::Response Bluesky::delete_record(Call& call) {
    auto body = input(call, record_max_bytes);
    if (!body) return body.error();
    auto who = writer(call, *body);
    if (!who) return who.error();
    if (auto wrong = require(*body, {"collection", "rkey"})) return *std::move(wrong);
    if (text_member(*body, "rkey").empty()) return invalid_request("Input/rkey must be a valid record key");
    auto write = prepare({Write::Kind::remove,
                          text_member(*body, "collection"),
                          text_member(*body, "rkey"),
                          nullptr,
                          "",
                          "",
                          {}},
                         **who, nullptr);
    if (!write) return write.error();
    if (auto wrong = check_swap_commit(*body, **who)) return *std::move(wrong);
    auto const* present = live_record((*who)->did, write->collection, write->rkey);
    if (auto const* swap = body->if_contains("swapRecord"); swap && !swap->is_null()) {
        if (!present || *swap != json::value(present->cid))
            return failure(400, "InvalidSwap",
                           "Record was at " + (present ? present->cid : std::string("null")));
    }
    if (!present) return json_answer(200, json::object());
    std::optional<Rate> rate;
    if (auto refused = spend(**who, delete_points, rate)) return *std::move(refused);
    auto const made = commit(**who, {*write}, call);
    auto response = json_answer(200, with_commit({}, made));
    if (rate) add_rate_headers(response, *rate, std::chrono::hours(1));
    return response;
}

// All or nothing.
http::Response Bluesky::apply_writes(Call& call) {
    auto body = input(call, writes_max_bytes);
    if (!body) return body.error();
    auto who = writer(call, *body);
    if (!who) return who.error();
    auto const* list = body->if_contains("writes");
    if (!list || !list->is_array()) return invalid_request("Input must have the property \"writes\"");
    if (list->as_array().size() > writes_max) return invalid_request("Too many writes. Max: 200");
    std::vector<Write> writes;
    std::int64_t points = 0;
    for (auto const& item : list->as_array()) {
        if (!item.is_object()) return invalid_request("Input/writes must hold objects");
        auto const& given = item.as_object();
        auto const type = text_member(given, "$type");
        auto const kind = type == "com.atproto.repo.applyWrites#create"   ? Write::Kind::create
                          : type == "com.atproto.repo.applyWrites#update" ? Write::Kind::update
                                                                          : Write::Kind::remove;
        if (kind == Write::Kind::remove && type != "com.atproto.repo.applyWrites#delete")
            return invalid_request("Action not supported: " + type);
        if (auto wrong = require(given, {"collection"})) return *std::move(wrong);
        if (kind != Write::Kind::create && text_member(given, "rkey").empty())
            return invalid_request("Input/writes must have the property \"rkey\"");
        auto const* value = given.if_contains("value");
        auto write = prepare({kind,
                              text_member(given, "collection"),
                              text_member(given, "rkey"),
                              value ? *value : json::value(nullptr),
                              "",
                              "",
                              {}},
                             **who, body->if_contains("validate"));
        if (!write) return write.error();
        bool const there = live_record((*who)->did, write->collection, write->rkey) != nullptr;
        bool const twice = std::any_of(writes.begin(), writes.end(), [&](Write const& other) {
            return other.collection == write->collection && other.rkey == write->rkey;
        });
        if (twice || there != (kind != Write::Kind::create)) return server_error();
        points += kind == Write::Kind::create   ? create_points
                  : kind == Write::Kind::update ? update_points
                                                : delete_points;
        writes.push_back(*std::move(write));
    }
    if (auto wrong = check_swap_commit(*body, **who)) return *std::move(wrong);
    std::optional<Rate> rate;
    if (auto refused = spend(**who, points, rate)) return *std::move(refused);
    json::array results;
    for (auto const& write : writes) {
        auto const name_ = write.kind == Write::Kind::create   ? "create"
                           : write.kind == Write::Kind::update ? "update"
                                                               : "delete";
        json::object result{{"$type", fmt::format("com.atproto.repo.applyWrites#{}Result", name_)}};
        if (write.kind != Write::Kind::remove) {
            result["uri"] = fmt::format("at://{}/{}/{}", (*who)->did, write.collection, write.rkey);
            result["cid"] = write.cid;
            if (!write.validation.empty()) result["validationStatus"] = write.validation;
        }
        results.push_back(std::move(result));
    }
    auto const made = commit(**who, writes, call);
    auto response = json_answer(200, with_commit({{"results", results}}, made));
    if (rate) add_rate_headers(response, *rate, std::chrono::hours(1));
    return response;
}

http::Response Bluesky::get_record(Call& call) {
    auto const query = [&](std::string_view name_) { return call.query(name_).value_or(""); };
    for (auto const* name_ : {"repo", "collection", "rkey"}) {
        if (query(name_).empty())
            return invalid_request(fmt::format("Error: Params must have the property \"{}\"", name_));
    }
    bool const is_view = call.host == "public.api.bsky.app" || call.host == "api.bsky.app";
    auto const* who = account(query("repo"));
    if (!who || (!is_view && !hosts(call.host, *who)))
        return invalid_request("Could not find repo: " + query("repo"));
    auto const* record = live_record(who->did, query("collection"), query("rkey"));
    auto const cid = query("cid");
    if (!record || (!cid.empty() && cid != record->cid)) {
        return failure(400, "RecordNotFound",
                       fmt::format("Could not locate record: at://{}/{}/{}", who->did, query("collection"),
                                   query("rkey")));
    }
    return json_answer(200,
                       json::object{{"uri", record->uri()}, {"cid", record->cid}, {"value", record->value}});
}

http::Response Bluesky::list_records(Call& call) {
    auto const query = [&](std::string_view name_) { return call.query(name_).value_or(""); };
    for (auto const* name_ : {"repo", "collection"}) {
        if (query(name_).empty())
            return invalid_request(fmt::format("Error: Params must have the property \"{}\"", name_));
    }
    auto const* who = account(query("repo"));
    if (!who || !hosts(call.host, *who)) return invalid_request("Could not find repo: " + query("repo"));
    std::size_t limit = 50;
    if (auto const text = query("limit"); !text.empty()) {
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
        if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > 100)
            return invalid_request("Error: Params/limit must be between 1 and 100");
    }
    bool const oldest_first = query("reverse") == "true";
    auto const cursor = query("cursor");
    std::vector<Record const*> found;
    for (auto const& record : state_.records) {
        if (record.did != who->did || record.collection != query("collection") || !is_live(record)) continue;
        if (!cursor.empty() && (oldest_first ? record.rkey <= cursor : record.rkey >= cursor)) continue;
        found.push_back(&record);
    }
    std::sort(found.begin(), found.end(), [&](auto const* a, auto const* b) {
        return oldest_first ? a->rkey < b->rkey : a->rkey > b->rkey;
    });
    if (found.size() > limit) found.resize(limit);
    json::array records;
    for (auto const* record : found)
        records.push_back(
            json::object{{"uri", record->uri()}, {"cid", record->cid}, {"value", record->value}});
    json::object answer{{"records", std::move(records)}};
    if (!found.empty()) answer["cursor"] = found.back()->rkey;
    return json_answer(200, answer);
}

}  // namespace mypost::sandbox::bluesky
