// Bad input of every operation, made up from its schemas: a problem that names each wrong field, and nothing
// stored.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/support/scene.hpp"

namespace mypost::api_test {

namespace {

namespace json = boost::json;

class BadInput : public testing::TestWithParam<db::Engine> {
  protected:
    BadInput() : scene_(InstallationOptions{.engine = GetParam()}) {}

    // An owner of his own for each operation, and an address, so that no limit is met.
    void begin(Operation const& operation) {
        person_ = scene_.world.person("Tester of " + operation.id);
        scene_.world.join(person_, scene_.main.workspace,
                          scene_.world.built_in_role(scene_.main.workspace, "owner"));
        scene_.installation.sql("UPDATE users SET is_system_admin = TRUE WHERE id = $1", {person_.id});
        before_ = scene_.installation.contents();
    }

    Call good(Operation const& operation) {
        Call call = sample_call(scene_.document, operation, scene_.samples);
        if (!operation.is_public()) call.headers.push_back(bearer(person_.token));
        return call;
    }

    Call with_body(Operation const& operation, json::value const& body) {
        Call call = good(operation);
        call.body = json::serialize(body);
        return call;
    }

    Answer refused(Call const& call, int status, std::string const& code) {
        Answer answer = send(call);
        EXPECT_EQ(answer.status, status) << call.body.substr(0, 300) << "\n" << answer.body;
        problem(answer, code);
        return answer;
    }

    Answer send(Call const& call) {
        ++calls_;
        return scene_.installation.send(call, fmt::format("127.{}.{}.2", 1 + calls_ / 250, calls_ % 250));
    }

    void problem(Answer const& answer, std::string const& code) {
        ASSERT_EQ(answer.header("Content-Type"), "application/problem+json") << answer.body;
        EXPECT_EQ(answer.code(), code) << answer.body;
        EXPECT_EQ(answer.text("/request_id"), answer.header("X-Request-Id"));
        EXPECT_EQ(answer.number("/status"), answer.status);
        EXPECT_FALSE(answer.text("/detail").empty());
        auto const body = answer.json();
        for (auto const& error : body.at("errors").as_array()) {
            EXPECT_FALSE(error.at("message").as_string().empty());
            EXPECT_FALSE(error.at("code").as_string().empty());
        }
        auto after = scene_.installation.contents();
        EXPECT_EQ(difference(before_, after), "");
        before_ = std::move(after);
    }

    std::vector<Operation> with_json() const {
        std::vector<Operation> list;
        for (auto const& operation : scene_.document.operations()) {
            if (operation.body) list.push_back(operation);
        }
        return list;
    }

    Scene scene_;
    Person person_;
    std::map<std::string, std::string> before_;
    int calls_ = 0;
};

// A value that the schema does not take, whatever it takes.
json::value of_wrong_type(json::object const& schema, Document const& document) {
    json::object const plain = document.resolve(schema);
    auto const* type = plain.if_contains("type");
    if (!type) return nullptr;
    if (*type == "string") return json::object{{"wrong", true}};
    if (*type == "boolean") return "yes";
    return "a text";
}

bool takes_anything(json::object const& schema, Document const& document) {
    json::object const plain = document.resolve(schema);
    return !plain.contains("type") && !plain.contains("properties");
}

TEST_P(BadInput, text_that_is_no_json_is_400) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (std::string const text : {"{", "{\"a\":}", "nonsense", "{}{}", "[1,", "{\"a\":1,}", "\x01"}) {
            Call call = good(operation);
            call.body = text;
            refused(call, 400, "malformed_request");
        }
    }
}

TEST_P(BadInput, broken_utf8_is_400) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (std::string const bytes :
             {"\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
            Call call = good(operation);
            call.body = "{\"name\":\"" + bytes + "\"}";
            refused(call, 400, "malformed_request");
        }
    }
}

TEST_P(BadInput, nesting_without_end_is_400) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        Call call = good(operation);
        call.body = std::string(20'000, '[') + std::string(20'000, ']');
        refused(call, 400, "malformed_request");
    }
}

TEST_P(BadInput, another_content_type_is_415) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (std::string const type : {"text/plain", "application/x-www-form-urlencoded", "application/xml",
                                       "application/json; charset=latin1", ""}) {
            Call call = good(operation);
            std::erase_if(call.headers, [](auto const& header) { return header.first == "Content-Type"; });
            if (!type.empty()) call.headers.emplace_back("Content-Type", type);
            refused(call, 415, "unsupported_media_type");
        }
    }
}

TEST_P(BadInput, a_huge_body_is_413) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        Call call = good(operation);
        call.body = "{\"name\":\"" + std::string(3 * 1024 * 1024, 'x') + "\"}";
        refused(call, 413, "payload_too_large");
    }
}

TEST_P(BadInput, a_body_that_is_no_object_is_422) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (std::string const text : {"[]", "\"text\"", "17", "true"}) {
            Call call = good(operation);
            call.body = text;
            refused(call, 422, "validation_failed");
        }
    }
}

TEST_P(BadInput, an_unknown_field_is_422_and_named) {
    for (auto const& operation : with_json()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        json::value body = sample_body(scene_.document, operation, scene_.samples);
        body.as_object()["no_such~field/here"] = 1;
        EXPECT_TRUE(
            refused(with_body(operation, body), 422, "validation_failed").names("/no_such~0field~1here"));
    }
}

TEST_P(BadInput, each_required_field_is_missed_by_name) {
    for (auto const& operation : with_json()) {
        auto const schema = scene_.document.resolve(*operation.body);
        auto const* required = schema.if_contains("required");
        if (!required) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (auto const& name : required->as_array()) {
            json::value body = sample_body(scene_.document, operation, scene_.samples);
            body.as_object().erase(name.as_string());
            Answer const answer = refused(with_body(operation, body), 422, "validation_failed");
            EXPECT_TRUE(answer.names("/" + std::string(name.as_string()))) << answer.body;
        }
        if (!operation.body_required) continue;
        Answer const all = refused(with_body(operation, json::object()), 422, "validation_failed");
        for (auto const& name : required->as_array())
            EXPECT_TRUE(all.names("/" + std::string(name.as_string()))) << all.body;
        Call none = good(operation);
        none.body.clear();
        refused(none, 400, "malformed_request");
    }
}

TEST_P(BadInput, each_field_of_a_wrong_type_is_422_and_named) {
    for (auto const& operation : with_json()) {
        auto const schema = scene_.document.resolve(*operation.body);
        auto const* properties = schema.if_contains("properties");
        if (!properties) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (auto const& [name, value] : properties->as_object()) {
            if (takes_anything(value.as_object(), scene_.document)) continue;
            SCOPED_TRACE(name);
            json::value body = sample_body(scene_.document, operation, scene_.samples);
            body.as_object()[name] = of_wrong_type(value.as_object(), scene_.document);
            Answer const answer = refused(with_body(operation, body), 422, "validation_failed");
            EXPECT_NE(answer.body.find("\"field\":\"/" + std::string(name)), std::string::npos)
                << answer.body;
        }
    }
}

TEST_P(BadInput, each_text_that_is_too_long_is_422_and_named) {
    int seen = 0;
    for (auto const& operation : with_json()) {
        auto const schema = scene_.document.resolve(*operation.body);
        auto const* properties = schema.if_contains("properties");
        if (!properties) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (auto const& [name, value] : properties->as_object()) {
            json::object const field = scene_.document.resolve(value.as_object());
            auto const* type = field.if_contains("type");
            auto const* longest = field.if_contains("maxLength");
            if (!type || *type != "string" || !longest) continue;
            SCOPED_TRACE(name);
            json::value body = sample_body(scene_.document, operation, scene_.samples);
            std::string text;
            for (std::size_t i = 0; i <= static_cast<std::size_t>(longest->as_int64()); ++i) text += "é";
            body.as_object()[name] = text;
            Answer const answer = refused(with_body(operation, body), 422, "validation_failed");
            EXPECT_TRUE(answer.names("/" + std::string(name))) << answer.body;
            ++seen;
        }
    }
    EXPECT_GT(seen, 20);
}

// Every text that a person types must have an end.
TEST_P(BadInput, no_text_is_without_a_limit) {
    for (auto const& operation : with_json()) {
        auto const schema = scene_.document.resolve(*operation.body);
        auto const* properties = schema.if_contains("properties");
        if (!properties) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (auto const& [name, value] : properties->as_object()) {
            json::object const field = scene_.document.resolve(value.as_object());
            auto const* type = field.if_contains("type");
            if (!type || *type != "string" || field.contains("format") || field.contains("enum")) continue;
            EXPECT_TRUE(field.contains("maxLength")) << name;
        }
    }
}

TEST_P(BadInput, an_unknown_query_parameter_is_422_and_named) {
    for (auto const& operation : scene_.document.operations()) {
        if (operation.id == "finishConsent") continue;  // networks add their own
        begin(operation);
        SCOPED_TRACE(operation.title());
        Call call = good(operation);
        call.target += call.target.find('?') == std::string::npos ? "?no_such=1" : "&no_such=1";
        EXPECT_TRUE(refused(call, 422, "validation_failed").names("query:no_such"));
    }
}

TEST_P(BadInput, each_query_parameter_with_a_wrong_value_is_422_and_named) {
    int seen = 0;
    for (auto const& operation : scene_.document.operations()) {
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (auto const& parameter : operation.query) {
            json::object const schema = scene_.document.resolve(parameter.schema);
            auto const* type = schema.if_contains("type");
            bool const checked =
                schema.contains("format") || schema.contains("enum") || (type && *type != "string");
            if (!checked) continue;
            SCOPED_TRACE(parameter.name);
            Call call = good(operation);
            std::string const name = parameter.name + "=";
            auto const at = call.target.find(name);
            if (at != std::string::npos) call.target.erase(at, call.target.find('&', at) - at);
            call.target += (call.target.find('?') == std::string::npos ? "?" : "&") + name + "not%20right";
            EXPECT_TRUE(refused(call, 422, "validation_failed").names("query:" + parameter.name));
            ++seen;
        }
    }
    EXPECT_GT(seen, 10);
}

TEST_P(BadInput, a_malformed_id_names_nothing) {
    for (auto const& operation : scene_.document.operations()) {
        if (operation.is_public()) continue;
        for (auto const& name : operation.path_names) {
            if (name == "network" || name == "name") continue;
            begin(operation);
            SCOPED_TRACE(operation.title() + " " + name);
            for (std::string const value :
                 {"17", "..", "%00", "%ff", "a%2Fb", "00000000-0000-0000-0000-00000000000g"}) {
                Samples changed = scene_.samples;
                changed[name] = value;
                Call call = sample_call(scene_.document, operation, changed);
                call.headers.push_back(bearer(person_.token));
                Answer const answer = send(call);
                EXPECT_THAT(answer.status, testing::AnyOf(404, 400, 405)) << value << " " << answer.body;
                problem(answer, answer.code());
            }
        }
    }
}

TEST_P(BadInput, tokens_that_are_forged_or_over_are_401) {
    JwtSigner const ours(scene_.installation.settings().jwt_secret, "mypost");
    JwtSigner const other_secret(std::string(40, 'x'), "mypost");
    JwtSigner const other_issuer(scene_.installation.settings().jwt_secret, "somebody");
    Instant const now = SystemClock().now();
    using std::chrono::minutes;
    Person const& owner = scene_.world.owner();
    std::string const right = owner.token;
    std::map<std::string, std::string> const forged{
        {"other secret", other_secret.sign(owner.id, owner.session, now, now + minutes(5))},
        {"other issuer", other_issuer.sign(owner.id, owner.session, now, now + minutes(5))},
        {"another's session", ours.sign(scene_.colleague.id, owner.session, now, now + minutes(5))},
        {"no session", ours.sign(owner.id, SessionId::make(), now, now + minutes(5))},
        {"cut off", right.substr(0, right.size() - 4)},
        {"no signature", right.substr(0, right.rfind('.') + 1)},
        {"alg none",
         "eyJhbGciOiJub25lIn0" + right.substr(right.find('.'), right.rfind('.') - right.find('.') + 1)},
        {"nothing like it", "abc"},
        {"an API token that is none", "mp_0123456789"}};
    for (auto const& operation : scene_.document.operations()) {
        if (operation.is_public()) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        for (auto const& [what, token] : forged) {
            SCOPED_TRACE(what);
            Call call = sample_call(scene_.document, operation, scene_.samples);
            call.headers.push_back(bearer(token));
            refused(call, 401, "unauthenticated");
        }
        Call over = sample_call(scene_.document, operation, scene_.samples);
        over.headers.push_back(
            bearer(ours.sign(owner.id, owner.session, now - minutes(20), now - minutes(5))));
        refused(over, 401, "token_expired");
        Call basic = sample_call(scene_.document, operation, scene_.samples);
        basic.headers.emplace_back("Authorization", "Basic b2xnYTpwYXNz");
        refused(basic, 401, "unauthenticated");
    }
}

TEST_P(BadInput, a_missing_if_match_is_428_and_a_broken_one_422) {
    int seen = 0;
    for (auto const& operation : scene_.document.operations()) {
        if (!operation.if_match) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        Call none = good(operation);
        std::erase_if(none.headers, [](auto const& header) { return header.first == "If-Match"; });
        refused(none, 428, "version_required");
        for (std::string const value : {"abc", "\"abc\"", "*", "\"-1\"", "\"99999999999999999999\""}) {
            Call call = none;
            call.headers.emplace_back("If-Match", value);
            Answer const answer = send(call);
            EXPECT_THAT(answer.status, testing::AnyOf(412, 422)) << value << answer.body;
            problem(answer, answer.status == 412 ? "version_mismatch" : "validation_failed");
        }
        ++seen;
    }
    EXPECT_GE(seen, 6);
}

TEST_P(BadInput, a_stale_if_match_is_412_with_the_present_object) {
    for (auto const& operation : scene_.document.operations()) {
        if (!operation.if_match) continue;
        begin(operation);
        SCOPED_TRACE(operation.title());
        Call call = good(operation);
        for (auto& [name, value] : call.headers) {
            if (name == "If-Match") value = "\"77\"";
        }
        Answer const answer = refused(call, 412, "version_mismatch");
        EXPECT_EQ(answer.number("/current/version"), 1) << answer.body;
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, BadInput, testing::Values(db::Engine::sqlite),
                         [](auto const& each) { return test::engine_name(each.param); });

}  // namespace
}  // namespace mypost::api_test
