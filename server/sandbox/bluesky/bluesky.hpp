// Simulated Bluesky: entryway, several personal data servers, identity directory and AppView.
// https://atproto.com/specs/xrpc
#pragma once

#include "sandbox/bluesky/model.hpp"
#include "sandbox/framework/network.hpp"

namespace mypost::sandbox::bluesky {

class Bluesky final : public Network {
  public:
    explicit Bluesky(Services services);

    std::string_view name() const override { return "bluesky"; }
    std::string_view title() const override { return "Bluesky"; }
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
    template <class T>
    using Or = tl::expected<T, http::Response>;
    using Answer = http::Response (Bluesky::*)(Call& call);

    // What a token says.
    struct Claims {
        std::string scope, did, jti;
        Instant issued_at, expires_at;
    };

    // bluesky.cpp
    http::Response xrpc(Call& call, std::string const& nsid);
    Account const* account(std::string_view did_or_handle) const;
    Account* account(std::string_view did_or_handle);
    bool is_pds(std::string_view host) const;
    // Is that account's repository reached through this host?
    bool hosts(std::string_view host, Account const& who) const;
    std::string new_tid();
    void add_rate_headers(http::Response& response, Rate const& rate, std::chrono::seconds window) const;
    http::Response rate_limited(Rate const& rate, std::chrono::seconds window) const;
    bool is_live(Record const& record) const { return !record.removed_at || now() < *record.removed_at; }

    // sessions.cpp
    http::Response create_session(Call& call);
    http::Response refresh_session(Call& call);
    http::Response get_session(Call& call);
    http::Response delete_session(Call& call);
    json::object session_json(Account const& who, std::string const& refresh_id);
    std::string sign(json::object header, json::object claims) const;
    Or<Claims> verify(std::string_view token, std::string_view scope_prefix) const;
    Or<Account const*> authenticate(Call const& call) const;

    // identity.cpp
    http::Response resolve_handle(Call& call);
    http::Response describe_server(Call& call);
    http::Response describe_repo(Call& call);
    http::Response plc_document(std::string const& did) const;
    json::object did_document(Account const& who) const;

    // blobs.cpp
    http::Response upload_blob(Call& call);
    http::Response get_blob(Call& call);
    Blob* find_blob(std::string_view did, std::string_view cid);

    // records.cpp
    struct Write {
        enum class Kind { create, update, remove } kind = Kind::create;
        std::string collection, rkey;
        json::value value;
        std::string cid;
        std::string validation;  // valid | unknown | empty: not asked
        std::vector<std::string> blob_cids;
    };
    http::Response create_record(Call& call);
    http::Response put_record(Call& call);
    http::Response delete_record(Call& call);
    http::Response apply_writes(Call& call);
    http::Response get_record(Call& call);
    http::Response list_records(Call& call);
    Or<json::object> input(Call const& call, std::size_t max_bytes) const;
    Or<Account const*> writer(Call const& call, json::object const& body) const;
    Or<Write> prepare(Write write, Account const& who, json::value const* validate);
    std::optional<http::Response> check_swap_commit(json::object const& body, Account const& who) const;
    std::optional<http::Response> spend(Account const& who, std::int64_t points, std::optional<Rate>& rate);
    json::object commit(Account const& who, std::vector<Write> const& writes, Call& call);
    Record* live_record(std::string_view did, std::string_view collection, std::string_view rkey);

    // appview.cpp
    http::Response get_profile(Call& call);
    http::Response get_profiles(Call& call);
    http::Response get_posts(Call& call);
    http::Response get_author_feed(Call& call);
    json::object profile_json(Account const& who, bool fresh) const;
    json::object post_json(Record const& record) const;
    // Has the AppView taken it in, or is it patched into its author's own view?
    bool is_indexed(Record const& record, Account const* reader) const;

    State state_;
};

http::Response failure(int status, std::string_view error, std::string_view message);
http::Response invalid_request(std::string_view message);

}  // namespace mypost::sandbox::bluesky
