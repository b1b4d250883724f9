// The simulated Bluesky by the rules of the AT Protocol's documents.
#include <gtest/gtest.h>

#include "core/encoding.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/bluesky/lexicon.hpp"
#include "sandbox/framework/digest.hpp"
#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

namespace {

constexpr char const* pds = "/morel.us-east.host.bsky.network/xrpc/";
constexpr char const* first_key = "3mabcdefghi2k";
constexpr char const* second_key = "3mabcdefghj2k";

class BlueskySandbox : public ::testing::Test {
  protected:
    BlueskySandbox() {
        auto const state = bench.get("/_sandbox/state");
        for (auto const& account : state.at("/networks/bluesky/accounts").as_array()) {
            passwords[std::string(account.at("handle").as_string())] =
                std::string(account.at("app_password").as_string());
        }
    }

    Answer sign_in(std::string const& handle = "ann.bsky.social",
                   std::string const& host = "/bsky.social/xrpc/") {
        return bench.post_json(host + "com.atproto.server.createSession",
                               json::object{{"identifier", handle}, {"password", passwords.at(handle)}});
    }

    std::string token(std::string const& handle = "ann.bsky.social") {
        return sign_in(handle).text("/accessJwt");
    }
    std::string did(std::string const& handle = "ann.bsky.social") {
        return bench.get("/bsky.social/xrpc/com.atproto.identity.resolveHandle?handle=" + handle)
            .text("/did");
    }

    static json::object post_record(std::string text) {
        return {{"$type", "app.bsky.feed.post"}, {"text", text}, {"createdAt", "2026-11-22T18:00:00.000Z"}};
    }

    Answer write(std::string const& method, json::object record, std::string const& rkey,
                 std::string const& bearer, json::object more = {}) {
        json::object body{
            {"repo", did()}, {"collection", "app.bsky.feed.post"}, {"record", std::move(record)}};
        if (!rkey.empty()) body["rkey"] = rkey;
        for (auto& member : more) body[member.key()] = member.value();
        return bench.post_json(std::string(pds) + "com.atproto.repo." + method, body, bearer);
    }

    Answer create(json::object record, std::string const& bearer, std::string const& rkey = "") {
        return write("createRecord", std::move(record), rkey, bearer);
    }

    json::object upload(std::string bytes, std::string const& bearer, std::string type = "image/png") {
        auto const answer = bench.send({http::Method::post,
                                        std::string(pds) + "com.atproto.repo.uploadBlob",
                                        std::move(bytes),
                                        std::move(type),
                                        bearer,
                                        {}});
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.at("/blob").as_object();
    }

    static json::object with_image(json::object blob, json::value alt) {
        auto record = post_record("look");
        json::object image{{"image", std::move(blob)}};
        if (!alt.is_null()) image["alt"] = alt;
        json::array images;
        images.emplace_back(image);
        record["embed"] = json::object{{"$type", "app.bsky.embed.images"}, {"images", images}};
        return record;
    }

    Bench bench;
    std::map<std::string, std::string> passwords;
};

json::object facet(int start, int end, std::string_view type, std::string_view member,
                   std::string_view value) {
    json::array features;
    features.emplace_back(json::object{{"$type", type}, {member, value}});
    return {{"index", {{"byteStart", start}, {"byteEnd", end}}}, {"features", features}};
}

json::object with_facets(std::string text, std::vector<json::object> facets) {
    json::array list;
    for (auto& item : facets) list.emplace_back(std::move(item));
    return {{"$type", "app.bsky.feed.post"},
            {"text", text},
            {"createdAt", "2026-11-22T18:00:00.000Z"},
            {"facets", list}};
}

}  // namespace

// Vectors of the data model's interoperability tests: https://github.com/bluesky-social/atproto-interop-tests
TEST(BlueskyCbor, encodes_canonically) {
    auto const hex = [](std::string_view text) {
        return hex_encode(
            bluesky::dag_cbor(json::parse(json::string_view(text.data(), text.size()))).value_or(""));
    };
    EXPECT_EQ(hex(R"({"bb":1,"a":2,"aa":-1})"),
              "a3616102626161206262620"
              "1");
    EXPECT_EQ(hex("[0,23,24,255,256,65535,65536,4294967296,-25,null,true,false,\"é\"]"),
              "8d00171818"
              "18ff"
              "190100"
              "19ffff"
              "1a00010000"
              "1b0000000100000000"
              "3818"
              "f6f5f4"
              "62c3a9");
    EXPECT_EQ(hex("1.0"), "01");
    EXPECT_FALSE(bluesky::dag_cbor(json::value(1.5)));
    EXPECT_EQ(hex(R"({"$bytes":"nFERjvLLiw9qm45JrqH9QTzyC2Lu1Xb4ne6+sBrCzI0"})").substr(0, 4), "5820");
}

TEST(BlueskyCbor, makes_known_cids) {
    EXPECT_EQ(bluesky::cid_of_raw(""), "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
    EXPECT_EQ(bluesky::cid_of_cbor(*bluesky::dag_cbor(json::object())),
              "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua");
    EXPECT_TRUE(bluesky::is_cid("bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"));
    EXPECT_FALSE(bluesky::is_cid("bafy"));
    auto const link = bluesky::dag_cbor(
        json::object{{"$link", "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"}});
    ASSERT_TRUE(link);
    EXPECT_EQ(hex_encode(link->substr(0, 9)), "d82a58250001711220");
    EXPECT_FALSE(bluesky::dag_cbor(json::object{{"$link", "nonsense"}}));
}

TEST_F(BlueskySandbox, resolves_handles_and_documents) {
    EXPECT_TRUE(did().starts_with("did:plc:"));
    auto const document = bench.get("/plc.directory/" + did());
    EXPECT_EQ(document.text("/alsoKnownAs/0"), "at://ann.bsky.social");
    EXPECT_EQ(document.text("/service/0/serviceEndpoint"), "https://morel.us-east.host.bsky.network");
    EXPECT_EQ(bench.get("/ann.bsky.social/.well-known/atproto-did").body, did());
    EXPECT_EQ(bench.get("/nora.garden.example/.well-known/atproto-did").body, did("nora.garden.example"));
    EXPECT_EQ(bench.get("/plc.directory/did:plc:unknown").status, 404);
    EXPECT_EQ(bench.get("/bsky.social/xrpc/com.atproto.identity.resolveHandle?handle=nobody.bsky.social")
                  .text("/error"),
              "InvalidRequest");
}

TEST_F(BlueskySandbox, signs_in_with_app_passwords) {
    auto const session = sign_in();
    ASSERT_EQ(session.status, 200) << session.body;
    EXPECT_EQ(session.text("/handle"), "ann.bsky.social");
    EXPECT_EQ(session.text("/didDoc/service/0/id"), "#atproto_pds");
    auto const jwt = session.text("/accessJwt");
    auto const payload =
        json::parse(*base64url_decode(jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1)));
    EXPECT_EQ(payload.at("exp").as_int64() - payload.at("iat").as_int64(), 7200);
    auto const wrong =
        bench.post_json("/bsky.social/xrpc/com.atproto.server.createSession",
                        json::object{{"identifier", "ann.bsky.social"}, {"password", "aaaa-bbbb-cccc-dddd"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.text("/error"), "AuthenticationRequired");
    EXPECT_EQ(wrong.text("/message"), "Invalid identifier or password");
    EXPECT_EQ(bench.get(std::string(pds) + "com.atproto.server.getSession", jwt).text("/did"), did());
}

TEST_F(BlueskySandbox, keeps_servers_apart) {
    EXPECT_EQ(sign_in("nora.garden.example").status, 401);
    EXPECT_EQ(sign_in("nora.garden.example", "/pds.garden.example/xrpc/").status, 200);
    EXPECT_EQ(bench.get("/oyster.us-west.host.bsky.network/xrpc/com.atproto.server.getSession", token())
                  .text("/error"),
              "InvalidToken");
    EXPECT_EQ(bench
                  .get("/oyster.us-west.host.bsky.network/xrpc/"
                       "com.atproto.repo.listRecords?collection=app.bsky.feed.post&repo=" +
                       did())
                  .status,
              400);
}

TEST_F(BlueskySandbox, lets_access_tokens_expire_with_400) {
    auto const bearer = token();
    bench.advance(7201);
    auto const expired = create(post_record("late"), bearer);
    EXPECT_EQ(expired.status, 400);
    EXPECT_EQ(expired.text("/error"), "ExpiredToken");
    EXPECT_EQ(create(post_record("none"), "").text("/error"), "AuthMissing");
    EXPECT_EQ(create(post_record("forged"), bearer + "x").text("/error"), "InvalidToken");
}

TEST_F(BlueskySandbox, rotates_refresh_tokens_with_two_hours_of_grace) {
    auto const refresh = [&](std::string const& jwt) {
        return bench.post_form(std::string(pds) + "com.atproto.server.refreshSession", {}, jwt);
    };
    auto const jti = [](std::string const& jwt) {
        return json::parse(
                   *base64url_decode(jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1)))
            .at("jti");
    };
    auto const session = sign_in();
    auto const first = refresh(session.text("/refreshJwt"));
    ASSERT_EQ(first.status, 200) << first.body;
    bench.advance(7000);
    auto const again = refresh(session.text("/refreshJwt"));
    ASSERT_EQ(again.status, 200);
    EXPECT_EQ(jti(again.text("/refreshJwt")), jti(first.text("/refreshJwt")));
    bench.advance(300);
    EXPECT_EQ(refresh(session.text("/refreshJwt")).text("/error"), "ExpiredToken");
    EXPECT_EQ(refresh(first.text("/refreshJwt")).status, 200);
    EXPECT_EQ(refresh(session.text("/accessJwt")).status, 400);
}

TEST_F(BlueskySandbox, ends_sessions) {
    auto const session = sign_in();
    auto const call = [&](char const* method) {
        return bench.post_form(std::string(pds) + "com.atproto.server." + method, {},
                               session.text("/refreshJwt"));
    };
    EXPECT_EQ(call("deleteSession").status, 200);
    EXPECT_EQ(call("refreshSession").text("/error"), "ExpiredToken");
}

TEST_F(BlueskySandbox, revokes_an_app_password) {
    auto const session = sign_in();
    bench.fault("bluesky",
                json::object{{"match", {{"account", "ann.bsky.social"}, {"path", "/xrpc/com.atproto.repo."}}},
                             {"mode", "revoke"}});
    EXPECT_EQ(create(post_record("x"), session.text("/accessJwt")).text("/error"), "InvalidToken");
    EXPECT_EQ(bench
                  .post_form(std::string(pds) + "com.atproto.server.refreshSession", {},
                             session.text("/refreshJwt"))
                  .text("/error"),
              "ExpiredToken");
    EXPECT_EQ(sign_in().status, 401);
    passwords["ann.bsky.social"] =
        bench.get("/_sandbox/state").text("/networks/bluesky/accounts/0/app_password");
    bench.advance(1);
    EXPECT_EQ(create(post_record("x"), token()).status, 200);
}

TEST_F(BlueskySandbox, limits_sign_ins) {
    for (int i = 0; i < 30; ++i) ASSERT_EQ(sign_in().status, 200);
    auto const refused = sign_in();
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("/error"), "RateLimitExceeded");
    EXPECT_GT(std::stoi(refused.header("Retry-After")), 200);
    EXPECT_EQ(refused.header("RateLimit-Policy"), "30;w=300");
    EXPECT_EQ(sign_in("ben.bsky.social").status, 200);
}

TEST_F(BlueskySandbox, creates_records_and_reads_them_back) {
    auto const bearer = token();
    auto const made = create(post_record("Hello"), bearer, first_key);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.text("/uri"), "at://" + did() + "/app.bsky.feed.post/" + first_key);
    EXPECT_EQ(made.text("/validationStatus"), "valid");
    EXPECT_TRUE(made.has("/commit/rev"));
    EXPECT_EQ(made.text("/cid"), bluesky::cid_of_cbor(*bluesky::dag_cbor(post_record("Hello"))));
    auto const read = bench.get(
        std::string(pds) +
        "com.atproto.repo.getRecord?repo=ann.bsky.social&collection=app.bsky.feed.post&rkey=" + first_key);
    EXPECT_EQ(read.text("/value/text"), "Hello");
    EXPECT_EQ(read.text("/cid"), made.text("/cid"));
    auto const missing = bench.get(
        std::string(pds) +
        "com.atproto.repo.getRecord?collection=app.bsky.feed.post&rkey=3mzzzzzzzzz2k&repo=" + did());
    EXPECT_EQ(missing.status, 400);
    EXPECT_EQ(missing.text("/error"), "RecordNotFound");
    EXPECT_EQ(bench.get("/bsky.app/profile/ann.bsky.social/post/" + std::string(first_key)).status, 200);
    EXPECT_EQ(bench.get("/bsky.app/profile/" + did() + "/post/" + first_key).status, 200);
}

TEST_F(BlueskySandbox, makes_a_key_when_none_is_given) {
    auto const uri = create(post_record("Hello"), token()).text("/uri");
    EXPECT_TRUE(bluesky::is_tid(uri.substr(uri.rfind('/') + 1))) << uri;
}

TEST_F(BlueskySandbox, stumbles_over_a_key_twice_as_the_reference_server_does) {
    auto const bearer = token();
    EXPECT_EQ(create(post_record("a"), bearer, first_key).status, 200);
    auto const twice = create(post_record("a"), bearer, first_key);
    EXPECT_EQ(twice.status, 500);
    EXPECT_EQ(twice.text("/error"), "InternalServerError");
    EXPECT_EQ(bench.posts("bluesky").size(), 1u);
}

TEST_F(BlueskySandbox, puts_records_idempotently) {
    auto const bearer = token();
    auto const first = write("putRecord", post_record("a"), first_key, bearer);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_TRUE(first.has("/commit"));
    auto const same = write("putRecord", post_record("a"), first_key, bearer);
    EXPECT_EQ(same.status, 200);
    EXPECT_EQ(same.text("/cid"), first.text("/cid"));
    EXPECT_FALSE(same.has("/commit"));
    auto const other = write("putRecord", post_record("b"), first_key, bearer);
    EXPECT_EQ(other.status, 200);
    EXPECT_NE(other.text("/cid"), first.text("/cid"));
    EXPECT_EQ(bench.posts("bluesky").size(), 1u);
}

TEST_F(BlueskySandbox, compares_and_swaps) {
    auto const bearer = token();
    auto const first = write("putRecord", post_record("a"), first_key, bearer, {{"swapRecord", nullptr}});
    ASSERT_EQ(first.status, 200);
    EXPECT_EQ(
        write("putRecord", post_record("a"), first_key, bearer, {{"swapRecord", nullptr}}).text("/error"),
        "InvalidSwap");
    EXPECT_EQ(write("putRecord", post_record("b"), first_key, bearer,
                    {{"swapRecord", "bafyreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}})
                  .text("/error"),
              "InvalidSwap");
    EXPECT_EQ(
        write("putRecord", post_record("b"), first_key, bearer, {{"swapRecord", first.text("/cid")}}).status,
        200);
    EXPECT_EQ(
        write("putRecord", post_record("c"), second_key, bearer, {{"swapCommit", first.text("/commit/cid")}})
            .text("/error"),
        "InvalidSwap");
}

TEST_F(BlueskySandbox, deletes_idempotently) {
    auto const bearer = token();
    create(post_record("a"), bearer, first_key);
    json::object const body{{"repo", did()}, {"collection", "app.bsky.feed.post"}, {"rkey", first_key}};
    EXPECT_EQ(bench.post_json(std::string(pds) + "com.atproto.repo.deleteRecord", body, bearer).status, 200);
    EXPECT_EQ(bench.post_json(std::string(pds) + "com.atproto.repo.deleteRecord", body, bearer).status, 200);
    EXPECT_FALSE(bench.posts("bluesky")[0].at("visible").as_bool());
}

TEST_F(BlueskySandbox, writes_only_to_its_own_repository) {
    auto const refused = bench.post_json(std::string(pds) + "com.atproto.repo.createRecord",
                                         json::object{{"repo", did("carla.bsky.social")},
                                                      {"collection", "app.bsky.feed.post"},
                                                      {"record", post_record("x")}},
                                         token());
    EXPECT_EQ(refused.status, 401);
    EXPECT_TRUE(bench.posts("bluesky").empty());
}

TEST_F(BlueskySandbox, lists_records_newest_first) {
    auto const bearer = token();
    create(post_record("a"), bearer, first_key);
    create(post_record("b"), bearer, second_key);
    auto const list = std::string(pds) +
                      "com.atproto.repo.listRecords?collection=app.bsky.feed.post&repo=" + did() + "&limit=1";
    auto const page = bench.get(list);
    EXPECT_EQ(page.text("/records/0/value/text"), "b");
    EXPECT_EQ(bench.get(list + "&cursor=" + page.text("/cursor")).text("/records/0/value/text"), "a");
    EXPECT_EQ(bench.get(list + "&reverse=true").text("/records/0/value/text"), "a");
    EXPECT_EQ(bench.get(list + "0").at("/records").as_array().size(), 2u);
}

TEST_F(BlueskySandbox, applies_writes_all_or_none) {
    auto const bearer = token();
    auto const entry = [](char const* key, std::string text) {
        return json::object{{"$type", "com.atproto.repo.applyWrites#create"},
                            {"collection", "app.bsky.feed.post"},
                            {"rkey", key},
                            {"value", post_record(std::move(text))}};
    };
    auto const apply = [&](std::vector<json::object> entries) {
        json::array writes;
        for (auto& item : entries) writes.emplace_back(std::move(item));
        return bench.post_json(std::string(pds) + "com.atproto.repo.applyWrites",
                               json::object{{"repo", did()}, {"writes", writes}}, bearer);
    };
    EXPECT_EQ(apply({entry(first_key, "a"), entry(second_key, std::string(301, 'x'))}).status, 400);
    EXPECT_TRUE(bench.posts("bluesky").empty());
    auto const both = apply({entry(first_key, "a"), entry(second_key, "b")});
    ASSERT_EQ(both.status, 200) << both.body;
    EXPECT_EQ(both.at("/results").as_array().size(), 2u);
    EXPECT_EQ(bench.posts("bluesky").size(), 2u);
    EXPECT_EQ(apply({entry("3mabcdefghk2k", "c"), entry(first_key, "a")}).status, 500);
    EXPECT_EQ(bench.posts("bluesky").size(), 2u);
}

TEST_F(BlueskySandbox, counts_graphemes_and_bytes) {
    auto const bearer = token();
    EXPECT_EQ(create(post_record(std::string(300, 'x')), bearer).status, 200);
    auto const graphemes = create(post_record(std::string(301, 'x')), bearer);
    EXPECT_EQ(graphemes.text("/error"), "InvalidRequest");
    EXPECT_EQ(graphemes.text("/message"),
              "Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes");
    std::string families;
    for (int i = 0; i < 121; ++i) families += "👨‍👩‍👧‍👦";
    EXPECT_NE(create(post_record(families), bearer).text("/message").find("3000"), std::string::npos);
}

TEST_F(BlueskySandbox, checks_facets_by_bytes) {
    auto const bearer = token();
    auto const text = std::string("Héllo #news https://a.example");
    auto const good =
        with_facets(text, {facet(7, 12, "app.bsky.richtext.facet#tag", "tag", "news"),
                           facet(13, 30, "app.bsky.richtext.facet#link", "uri", "https://a.example")});
    auto const made = create(good, bearer);
    EXPECT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(
        create(with_facets(text, {facet(13, 31, "app.bsky.richtext.facet#link", "uri", "https://a.example")}),
               bearer)
            .status,
        400);
    EXPECT_EQ(
        create(with_facets(text, {facet(2, 4, "app.bsky.richtext.facet#tag", "tag", "x")}), bearer).status,
        400);
    EXPECT_EQ(
        create(with_facets(text, {facet(5, 5, "app.bsky.richtext.facet#tag", "tag", "x")}), bearer).status,
        400);
    EXPECT_EQ(create(with_facets(text, {facet(7, 12, "app.bsky.richtext.facet#tag", "tag", "x"),
                                        facet(10, 14, "app.bsky.richtext.facet#tag", "tag", "x")}),
                     bearer)
                  .status,
              400);
    EXPECT_EQ(
        create(with_facets(text, {facet(7, 12, "app.bsky.richtext.facet#mention", "did", "ann.bsky.social")}),
               bearer)
            .status,
        400);
    EXPECT_EQ(
        create(with_facets(text, {facet(7, 12, "app.bsky.richtext.facet#bold", "tag", "x")}), bearer).status,
        400);
}

struct BadRecord {
    char const* name;
    char const* member;
    char const* value;
};

class BlueskyBadRecord : public BlueskySandbox, public ::testing::WithParamInterface<BadRecord> {};

TEST_P(BlueskyBadRecord, is_refused) {
    auto record = post_record("x");
    if (*GetParam().value) {
        record[GetParam().member] = json::parse(GetParam().value);
    } else {
        record.erase(GetParam().member);
    }
    auto const answer = create(record, token());
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.text("/error"), "InvalidRequest");
    EXPECT_TRUE(bench.posts("bluesky").empty());
}

INSTANTIATE_TEST_SUITE_P(
    Records, BlueskyBadRecord,
    ::testing::Values(
        BadRecord{"no_text", "text", ""}, BadRecord{"no_time", "createdAt", ""},
        BadRecord{"text_is_a_number", "text", "5"},
        BadRecord{"time_without_zone", "createdAt", "\"2026-11-22T18:00:00\""},
        BadRecord{"time_is_a_date", "createdAt", "\"2026-11-22\""},
        BadRecord{"foreign_type", "$type", "\"app.bsky.feed.like\""},
        BadRecord{"four_languages", "langs", R"(["en","de","fr","it"])"},
        BadRecord{"nine_tags", "tags", R"(["1","2","3","4","5","6","7","8","9"])"},
        BadRecord{"fraction", "weight", "1.5"},
        BadRecord{
            "reply_without_root", "reply",
            R"({"parent":{"uri":"at://did:plc:abc/app.bsky.feed.post/3mabcdefghi2k","cid":"bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"}})"},
        BadRecord{"embed_without_type", "embed", R"({"images":[]})"},
        BadRecord{"unknown_embed", "embed", R"({"$type":"app.bsky.embed.hologram"})"},
        BadRecord{"no_images", "embed", R"({"$type":"app.bsky.embed.images","images":[]})"},
        BadRecord{
            "card_without_title", "embed",
            R"({"$type":"app.bsky.embed.external","external":{"uri":"https://a.example","description":""}})"},
        BadRecord{
            "quote_without_cid", "embed",
            R"({"$type":"app.bsky.embed.record","record":{"uri":"at://did:plc:abc/app.bsky.feed.post/3mabcdefghi2k"}})"},
        BadRecord{"image_is_no_blob", "embed",
                  R"({"$type":"app.bsky.embed.images","images":[{"alt":"","image":"x"}]})"}),
    [](auto const& info) { return info.param.name; });

TEST_F(BlueskySandbox, keeps_blobs_and_checks_what_refers_to_them) {
    auto const bearer = token();
    auto const blob = upload(png(12, 9), bearer);
    EXPECT_EQ(blob.at("mimeType").as_string(), "image/png");
    EXPECT_EQ(blob.at("ref").at("$link").as_string(), bluesky::cid_of_raw(png(12, 9)));
    EXPECT_EQ(create(with_image(blob, nullptr), bearer).status, 400);
    auto const post = create(with_image(blob, "a grey box"), bearer);
    ASSERT_EQ(post.status, 200) << post.body;
    auto const posts = bench.posts("bluesky");
    EXPECT_EQ(posts[0].at("media").at(0).at("alt").as_string(), "a grey box");
    EXPECT_EQ(posts[0].at("media").at(0).at("sha256").as_string(), sha256_hex(png(12, 9)));
    auto wrong_size = blob;
    wrong_size["size"] = 5;
    EXPECT_EQ(create(with_image(wrong_size, ""), bearer).text("/error"), "InvalidSize");
    auto unknown = blob;
    unknown["ref"] = json::object{{"$link", bluesky::cid_of_raw("other")}};
    EXPECT_EQ(create(with_image(unknown, ""), bearer).text("/error"), "BlobNotFound");
    EXPECT_EQ(create(with_image(upload("just text", bearer, "text/plain"), ""), bearer).text("/error"),
              "InvalidMimeType");
    EXPECT_EQ(create(with_image(upload(png(4, 4) + std::string(2'000'001, 'x'), bearer), ""), bearer)
                  .text("/error"),
              "BlobTooLarge");
}

TEST_F(BlueskySandbox, drops_blobs_that_nothing_refers_to) {
    auto const bearer = token();
    auto const kept = upload(png(5, 5), bearer);
    auto const dropped = upload(png(6, 6), bearer);
    create(with_image(kept, ""), bearer);
    bench.advance(3700);
    EXPECT_EQ(create(with_image(kept, ""), bearer).status, 200);
    EXPECT_EQ(create(with_image(dropped, ""), bearer).text("/error"), "BlobNotFound");
}

TEST_F(BlueskySandbox, refuses_uploads_past_the_servers_limit) {
    bench.setting("bluesky", json::object{{"switches", {{"blob_upload_limit", 100}}}});
    EXPECT_EQ(bench.get("/bsky.social/xrpc/com.atproto.server.describeServer")
                  .at("/blobUploadLimit")
                  .to_number<int>(),
              100);
    auto const refused = bench.send({http::Method::post,
                                     std::string(pds) + "com.atproto.repo.uploadBlob",
                                     std::string(101, 'x'),
                                     "image/png",
                                     token(),
                                     {}});
    EXPECT_EQ(refused.status, 413);
}

TEST_F(BlueskySandbox, shows_posts_on_the_appview_after_the_lag) {
    auto const bearer = token();
    bench.setting("bluesky", json::object{{"listing_lag_ms", 30'000}});
    auto const uri = create(post_record("a"), bearer).text("/uri");
    auto const view = "/public.api.bsky.app/xrpc/app.bsky.feed.getPosts?uris=" + percent_encode(uri) +
                      "&uris=" + percent_encode("at://did:plc:x/app.bsky.feed.post/3mabcdefghi2k");
    EXPECT_TRUE(bench.get(view).at("/posts").as_array().empty());
    EXPECT_EQ(bench.get(std::string(pds) + "app.bsky.feed.getAuthorFeed?actor=ann.bsky.social", bearer)
                  .at("/feed")
                  .as_array()
                  .size(),
              1u);
    EXPECT_EQ(bench.get("/public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=ann.bsky.social")
                  .at("/feed")
                  .as_array()
                  .size(),
              0u);
    bench.advance(31);
    auto const posts = bench.get(view);
    ASSERT_EQ(posts.at("/posts").as_array().size(), 1u);
    EXPECT_EQ(posts.text("/posts/0/record/text"), "a");
    EXPECT_EQ(bench.get("/public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=" + did())
                  .at("/postsCount")
                  .to_number<int>(),
              1);
}

TEST_F(BlueskySandbox, ignores_edits_on_the_appview) {
    auto const bearer = token();
    auto const uri = write("putRecord", post_record("before"), first_key, bearer).text("/uri");
    write("putRecord", post_record("after"), first_key, bearer);
    bench.advance(5);
    EXPECT_EQ(bench.get("/public.api.bsky.app/xrpc/app.bsky.feed.getPosts?uris=" + percent_encode(uri))
                  .text("/posts/0/record/text"),
              "before");
}

TEST_F(BlueskySandbox, threads_by_strong_references) {
    auto const bearer = token();
    auto const root = create(post_record("1/2"), bearer, first_key);
    auto reply = post_record("2/2");
    json::object const ref{{"uri", root.text("/uri")}, {"cid", root.text("/cid")}};
    reply["reply"] = json::object{{"root", ref}, {"parent", ref}};
    ASSERT_EQ(create(reply, bearer, second_key).status, 200);
    auto const posts = bench.posts("bluesky");
    EXPECT_EQ(posts[1].at("kind").as_string(), "reply");
    EXPECT_EQ(posts[1].at("parent_id").as_string(), root.text("/uri"));
    bench.advance(5);
    EXPECT_EQ(
        bench
            .get("/public.api.bsky.app/xrpc/app.bsky.feed.getPosts?uris=" + percent_encode(root.text("/uri")))
            .at("/posts/0/replyCount")
            .to_number<int>(),
        1);
}

TEST_F(BlueskySandbox, counts_points) {
    auto const bearer = token();
    bench.setting("bluesky", json::object{{"limits", {{"points_hour", 7}}}});
    auto const first = create(post_record("a"), bearer);
    EXPECT_EQ(first.header("RateLimit-Remaining"), "4");
    EXPECT_GT(std::stoll(first.header("RateLimit-Reset")), 1'700'000'000);
    EXPECT_EQ(create(post_record("b"), bearer).status, 200);
    auto const third = create(post_record("c"), bearer);
    EXPECT_EQ(third.status, 429);
    EXPECT_FALSE(third.header("Retry-After").empty());
    EXPECT_EQ(bench.posts("bluesky").size(), 2u);
}

TEST_F(BlueskySandbox, commits_before_a_lost_answer_and_putting_again_is_harmless) {
    auto const bearer = token();
    bench.fault("bluesky", json::object{{"match", {{"path", "/xrpc/com.atproto.repo.putRecord"}}},
                                        {"mode", "drop_after"}});
    EXPECT_TRUE(write("putRecord", post_record("once"), first_key, bearer).dropped);
    EXPECT_EQ(write("putRecord", post_record("once"), first_key, bearer).status, 200);
    EXPECT_EQ(bench.posts("bluesky").size(), 1u);
}

TEST_F(BlueskySandbox, refuses_accounts_in_trouble) {
    for (auto const& [status, error] : std::map<std::string, std::string>{
             {"takendown", "AccountTakedown"}, {"deactivated", "AccountDeactivated"}}) {
        auto const handle = status + ".bsky.social";
        passwords[handle] =
            bench
                .post_json("/_sandbox/bluesky/accounts", json::object{{"handle", handle}, {"status", status}})
                .text("/app_password");
        EXPECT_EQ(sign_in(handle).text("/error"), error);
    }
    passwords["two.bsky.social"] =
        bench
            .post_json("/_sandbox/bluesky/accounts",
                       json::object{{"handle", "two.bsky.social"}, {"needs_factor", true}})
            .text("/app_password");
    EXPECT_EQ(sign_in("two.bsky.social").text("/error"), "AuthFactorTokenRequired");
}

TEST_F(BlueskySandbox, says_what_it_does_not_speak) {
    EXPECT_EQ(bench.get("/bsky.social/xrpc/app.bsky.unspecced.anything").text("/error"),
              "MethodNotImplemented");
    EXPECT_EQ(bench.get("/bsky.social/xrpc/com.atproto.repo.createRecord").status, 405);
    EXPECT_EQ(bench
                  .post_form("/bsky.social/xrpc/com.atproto.server.createSession",
                             {{"identifier", "ann.bsky.social"}})
                  .text("/error"),
              "InvalidRequest");
    EXPECT_EQ(bench.get("/video.bsky.app/xrpc/app.bsky.video.getJobStatus?jobId=1").status, 501);
}

}  // namespace mypost::sandbox::testing
