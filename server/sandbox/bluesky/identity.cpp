// Who is who and where. https://atproto.com/specs/did
#include <fmt/format.h>

#include <set>

#include "sandbox/bluesky/bluesky.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/framework/digest.hpp"

namespace mypost::sandbox::bluesky {

json::object Bluesky::did_document(Account const& who) const {
    json::object const service{{"id", "#atproto_pds"},
                               {"type", "AtprotoPersonalDataServer"},
                               {"serviceEndpoint", "https://" + who.pds}};
    json::object const key{{"id", who.did + "#atproto"},
                           {"type", "Multikey"},
                           {"controller", who.did},
                           {"publicKeyMultibase", "zQ3sh" + base32(sha256(who.did)).substr(0, 44)}};
    json::array const context{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"};
    json::array methods;
    methods.emplace_back(key);
    json::array services;
    services.emplace_back(service);
    json::array names;
    names.emplace_back("at://" + who.handle);
    return {{"@context", context},
            {"id", who.did},
            {"alsoKnownAs", names},
            {"verificationMethod", methods},
            {"service", services}};
}

http::Response Bluesky::plc_document(std::string const& did) const {
    auto const* who = account(did);
    if (!who || !did.starts_with("did:plc:"))
        return json_answer(404, json::object{{"message", "DID not registered: " + did}});
    auto response = json_answer(200, did_document(*who));
    response.headers.set("Content-Type", "application/did+ld+json; charset=utf-8");
    return response;
}

http::Response Bluesky::resolve_handle(Call& call) {
    auto const handle = call.query("handle").value_or("");
    if (handle.empty()) return invalid_request("Error: Params must have the property \"handle\"");
    auto const* who = account(handle);
    if (!who || who->handle != handle) return invalid_request("Unable to resolve handle");
    return json_answer(200, json::object{{"did", who->did}});
}

http::Response Bluesky::describe_server(Call& call) {
    bool const hosted = call.host == "bsky.social" || call.host.ends_with(".host.bsky.network");
    json::array domains;
    domains.emplace_back(hosted ? std::string(".bsky.social") : call.host.substr(call.host.find('.')));
    return json_answer(
        200, json::object{{"did", "did:web:" + call.host},
                          {"availableUserDomains", domains},
                          {"inviteCodeRequired", false},
                          {"phoneVerificationRequired", hosted},
                          {"blobUploadLimit",
                           settings.number(hosted ? "blob_upload_limit" : "blob_upload_limit_elsewhere")},
                          {"links", json::object()},
                          {"contact", json::object()}});
}

http::Response Bluesky::describe_repo(Call& call) {
    auto const repo = call.query("repo").value_or("");
    auto const* who = account(repo);
    if (!who || !hosts(call.host, *who)) return invalid_request("Could not find user: " + repo);
    std::set<std::string> names;
    for (auto const& record : state_.records) {
        if (record.did == who->did && is_live(record)) names.insert(record.collection);
    }
    return json_answer(200, json::object{{"handle", who->handle},
                                         {"did", who->did},
                                         {"didDoc", did_document(*who)},
                                         {"collections", json::value_from(names)},
                                         {"handleIsCorrect", true}});
}

}  // namespace mypost::sandbox::bluesky
