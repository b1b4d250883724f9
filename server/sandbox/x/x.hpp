// Simulated X: API v2 with user tokens (OAuth 2.0 with PKCE). https://docs.x.com/x-api
#pragma once

#include <set>

#include "sandbox/framework/network.hpp"
#include "sandbox/x/model.hpp"

namespace mypost::sandbox::x {

class X final : public Network {
  public:
    explicit X(Services services);

    std::string_view name() const override { return "x"; }
    std::string_view title() const override { return "X"; }
    bool serves(std::string_view host) const override;
    http::Response handle(Call& call) override;
    void identify(Call& call) const override;
    http::Response rate_limit_answer(Call const& call, std::optional<Milliseconds> reset_in) const override;
    http::Response error_answer(int status) const override;
    void revoke(std::string_view handle) override;
    std::vector<PostView> posts() const override;
    std::vector<AccountView> accounts() const override;
    Result<AccountView> add_account(json::value const& body) override;
    std::optional<std::string> permalink(std::string_view host,
                                         std::vector<std::string> const& segments) const override;
    std::optional<std::string> profile(std::string_view host,
                                       std::vector<std::string> const& segments) const override;
    json::object extra_state() const override;
    json::value save() const override;
    void load(json::value const& state) override;
    void reset() override;

  private:
    // One endpoint: how it is counted and what it asks for.
    struct Endpoint {
        std::string_view name;
        std::string_view user_limit;  // name of the 15-minute limit
        std::string_view app_limit;   // name of the 24-hour limit of the app; empty: none
        std::string_view scopes;      // all of them, by spaces
    };
    using Answer = http::Response (X::*)(Call& call, User const& user);

    // x.cpp
    http::Response serve(Call& call, Endpoint const& endpoint, Answer answer);
    User const* user_by_id(std::string_view id) const;
    User const* user_by_name(std::string_view username) const;
    User const* token_user(Call const& call) const;
    std::string new_id();
    void charge(std::string_view what, std::int64_t milli_usd, std::int64_t calls = 1);
    bool is_live(Post const& post) const { return !post.removed_at || now() < *post.removed_at; }
    http::Response too_many_requests() const;

    // auth.cpp
    http::Response authorize(Call& call);
    http::Response token(Call& call);
    http::Response revoke_token(Call const& call);
    std::optional<std::string> client_of(Call const& call) const;  // nothing: not authenticated

    // media.cpp
    http::Response upload_whole(Call& call, User const& user);
    http::Response initialize(Call& call, User const& user);
    http::Response append(Call& call, User const& user);
    http::Response finalize(Call& call, User const& user);
    http::Response media_status(Call& call, User const& user);
    http::Response set_metadata(Call& call, User const& user);
    Media* own_media(User const& user, std::string const& id);
    Media new_media(User const& user, std::string category, std::string media_type);
    std::string processing_state(Media const& media) const;  // pending | in_progress | succeeded | failed
    json::object media_data(Media const& media) const;
    json::object processing_info(Media const& media) const;

    // posts.cpp
    http::Response create_post(Call& call, User const& user);
    http::Response delete_post(Call& call, User const& user);
    std::optional<http::Response> read_post(Post& post, json::object const& body, User const& user,
                                            Post const*& edited);
    std::optional<http::Response> check_account_limits(User const& user, bool is_reply);
    void count_account_limits(User const& user, bool is_reply, http::Response& response);
    std::optional<http::Response> check_media(Post& post, json::object const& media, User const& user);
    std::optional<http::Response> check_reply(Post& post, User const& user) const;
    std::optional<http::Response> check_text(Post const& post, User const& user) const;
    Post const* live_post(std::string_view id) const;

    // read.cpp
    http::Response me(Call& call, User const& user);
    http::Response lookup(Call& call, User const& user);
    http::Response lookup_one(Call& call, User const& user);
    http::Response timeline(Call& call, User const& user);
    struct Wanted {
        std::set<std::string> post_fields, user_fields, media_fields, expansions;
    };
    // The fields asked for; the answer when one is unknown.
    tl::expected<Wanted, http::Response> wanted(Call const& call,
                                                std::set<std::string> const& other_parameters) const;
    json::object user_json(User const& user, std::set<std::string> const& fields) const;
    json::object post_json(Post const& post, Wanted const& wanted, User const& reader,
                           json::array& errors) const;
    json::object includes(std::vector<Post const*> const& posts, Wanted const& wanted) const;
    std::string named(std::string_view old_name) const;  // the field's name in the configured generation

    State state_;
};

// RFC 7807 answer with X's members.
http::Response problem(int status, std::string_view title, std::string_view detail,
                       std::string_view type = "about:blank");
// 400 invalid-request about one parameter.
http::Response invalid_request(std::string_view parameter, std::string_view value, std::string_view message);

// Characters as X counts them: links 23, emoji 2, wide characters 2 (twitter-text configuration 3).
std::size_t weighted_length(std::string_view text);

// A text as X returns it: links as t.co, & < > escaped; and where the links stand (code points).
struct RenderedText {
    std::string text;
    json::array urls;
    std::size_t links = 0;
};
RenderedText render(std::string_view text, std::vector<std::string> const& short_links);
std::size_t link_count(std::string_view text);
std::vector<std::string> mentioned(std::string_view text);  // user names after @, lower case
std::size_t cashtag_count(std::string_view text);

}  // namespace mypost::sandbox::x
