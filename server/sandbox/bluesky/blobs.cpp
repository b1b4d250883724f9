// Files. https://atproto.com/specs/blob
#include <fmt/format.h>

#include "sandbox/bluesky/bluesky.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/framework/sniff.hpp"

namespace mypost::sandbox::bluesky {

Blob* Bluesky::find_blob(std::string_view did, std::string_view cid) {
    auto const found = state_.blobs.find(fmt::format("{} {}", did, cid));
    if (found == state_.blobs.end()) return nullptr;
    auto const lifetime = std::chrono::seconds(settings.number("blob_lifetime_s"));
    if (!found->second.referenced && now() >= found->second.uploaded_at + lifetime) return nullptr;
    return &found->second;
}

http::Response Bluesky::upload_blob(Call& call) {
    auto who = authenticate(call);
    if (!who) return who.error();
    auto const declared = call.content_type();
    if (declared.empty()) return invalid_request("Request encoding (Content-Type) required but not provided");
    auto const& bytes = call.request.body;
    if (bytes.empty()) return invalid_request("A request body is expected but none was provided");
    bool const hosted = (*who)->pds.ends_with(".host.bsky.network");
    if (static_cast<std::int64_t>(bytes.size()) >
        settings.number(hosted ? "blob_upload_limit" : "blob_upload_limit_elsewhere")) {
        return failure(413, "PayloadTooLarge", "request entity too large");
    }
    if (!settings.limits_off) {
        auto const day = std::chrono::hours(24);
        auto const rate =
            state_.rates.take("blobs " + (*who)->did, settings.limit("upload_blob_day"), day, now());
        if (!rate.allowed) return rate_limited(rate, day);
    }
    auto const facts = sniff(bytes);
    Blob blob;
    blob.did = (*who)->did;
    blob.cid = cid_of_raw(bytes);
    blob.mime_type = facts.content_type.empty() ? declared : facts.content_type;
    blob.size = static_cast<std::int64_t>(bytes.size());
    blob.uploaded_at = now();
    blob.sha256 = services_.media.put(bytes);
    auto& kept = state_.blobs[blob.did + " " + blob.cid];
    blob.referenced = kept.referenced;
    kept = blob;
    return json_answer(200, json::object{{"blob",
                                          {{"$type", "blob"},
                                           {"ref", {{"$link", blob.cid}}},
                                           {"mimeType", blob.mime_type},
                                           {"size", blob.size}}}});
}

http::Response Bluesky::get_blob(Call& call) {
    auto const* who = account(call.query("did").value_or(""));
    auto const* blob =
        who && hosts(call.host, *who) ? find_blob(who->did, call.query("cid").value_or("")) : nullptr;
    auto const bytes = blob && blob->referenced ? services_.media.get(blob->sha256) : nullptr;
    if (!bytes) return failure(400, "BlobNotFound", "Blob not found");
    http::Response response;
    response.headers.set("Content-Type", blob->mime_type);
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    response.body = bytes;
    return response;
}

}  // namespace mypost::sandbox::bluesky
