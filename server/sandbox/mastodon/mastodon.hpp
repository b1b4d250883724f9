// Simulated Mastodon servers: every host name is one. https://docs.joinmastodon.org/
#pragma once

#include "sandbox/framework/network.hpp"
#include "sandbox/mastodon/model.hpp"

namespace mypost::sandbox::mastodon {

class Mastodon final : public Network {
  public:
    explicit Mastodon(Services services);

    std::string_view name() const override { return "mastodon"; }
    std::string_view title() const override { return "Mastodon"; }
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
    // Who calls, and with what right. `person` is nothing for an app's own token.
    struct Session {
        Token const* token = nullptr;
        Person const* person = nullptr;
        std::string account_id;
    };
    // Refused calls carry their answer.
    template <class T>
    using Or = tl::expected<T, http::Response>;

    // mastodon.cpp
    Instance instance_of(std::string_view host) const;
    http::Response route(Call& call, Instance const& instance);
    http::Response route_status(Call& call, Instance const& instance, std::string const& id);
    Or<Session> session(Call const& call, std::initializer_list<std::string_view> any_scope) const;
    std::optional<Session> session_if_any(Call const& call) const;
    void add_rate_headers(Call const& call, http::Response& response, Rate const& rate) const;
    std::optional<Rate> take_rate(std::string const& key, std::string_view limit,
                                  std::chrono::seconds window);
    std::string new_id(Instance const& instance);
    std::string account_id(Instance const& instance, Person const& person) const;
    Person const* person_by_id(Instance const& instance, std::string_view id) const;
    Person const* person_by_name(std::string_view host, std::string_view username) const;
    std::vector<AccountView> accounts_on(std::string_view host) const;

    // auth.cpp
    http::Response register_app(Call const& call, Instance const& instance);
    http::Response discovery(Instance const& instance) const;
    http::Response authorize(Call& call, Instance const& instance);
    http::Response token(Call& call, Instance const& instance);
    http::Response revoke_token(Call const& call);
    App const* app_by_client(std::string_view host, std::string_view client_id) const;

    // media.cpp
    http::Response upload(Call& call, Instance const& instance, bool waits);
    http::Response show_media(Call const& call, std::string const& id);
    http::Response change_media(Call const& call, Instance const& instance, std::string const& id);
    http::Response delete_media(Call const& call, std::string const& id);
    Media* own_media(Session const& session, std::string_view host, std::string const& id);
    bool is_ready(Media const& media) const;

    // statuses.cpp
    http::Response create_status(Call& call, Instance const& instance);
    http::Response edit_status(Call const& call, Instance const& instance, std::string const& id);
    http::Response delete_status(Call const& call, Instance const& instance, std::string const& id);
    http::Response show_status(Call const& call, Instance const& instance, std::string const& id) const;
    http::Response show_statuses(Call const& call, Instance const& instance) const;
    http::Response account_statuses(Call const& call, Instance const& instance, std::string const& id);
    http::Response show_context(Call const& call, Instance const& instance, std::string const& id) const;
    http::Response show_poll(Call const& call, Instance const& instance, std::string const& id) const;
    Status* find_status(std::string_view host, std::string_view id);
    Status const* find_status(std::string_view host, std::string_view id) const;
    bool is_live(Status const& status) const { return !status.removed_at || now() < *status.removed_at; }
    bool may_see(Status const& status, std::optional<Session> const& session) const;
    // Fills text, spoiler, media, poll; the answer when something is wrong. `editing`: the status being
    // edited.
    std::optional<http::Response> fill(Status& status, json::object const& parameters, Session const& session,
                                       Instance const& instance, bool editing);
    std::optional<http::Response> attach(Status& status, json::array const& ids, Session const& session,
                                         Instance const& instance);

    // render.cpp
    json::object instance_v1(Instance const& instance) const;
    json::object instance_v2(Instance const& instance) const;
    json::object account_json(Instance const& instance, Person const& person, bool own) const;
    json::object media_json(Media const& media) const;
    json::object poll_json(Poll const& poll) const;
    json::object status_json(Instance const& instance, Status const& status,
                             std::optional<Session> const& session) const;
    std::string content_html(Instance const& instance, std::string_view text) const;

    State state_;
};

// {"error": text}
http::Response failure(int status, std::string_view text);
// "true", true, "1", 1, "on" …
bool truthy(json::value const& value);
// The member's text, or empty.
std::string text_of(json::object const& parameters, std::string_view name);
// Characters as the instance counts them: graphemes, links as `per_url`, mentions without their host.
std::size_t counted_length(std::string_view text, std::int64_t per_url);
// Does one of `granted` allow `wanted` ("read" allows "read:accounts")?
bool scope_allows(std::vector<std::string> const& granted, std::string_view wanted);

struct Mention {
    std::size_t begin, end;      // code points
    std::string username, host;  // host empty: local
};
std::vector<Mention> find_mentions(std::u32string_view text);

}  // namespace mypost::sandbox::mastodon
