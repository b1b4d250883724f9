// People, brands and things in two workspaces, for tests that ask who may do what.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/permission.hpp"
#include "api/support/installation.hpp"

namespace mypost::api_test {

// A signed-in user. Made past the program: there are tests of their own for signing in.
struct Person {
    UserId id;
    SessionId session;
    std::string email;
    std::string token;
};

struct Place {
    std::string workspace;
    std::string brand;
};

inline constexpr char password[] = "correct horse battery";

class World {
  public:
    // Sets the installation up over HTTP; its administrator owns the first workspace.
    explicit World(Installation& installation);

    Installation& installation() { return installation_; }
    Person const& owner() const { return owner_; }
    std::string const& workspace() const { return workspace_; }

    // A user without a workspace; `signed_in` also opens a session.
    Person person(std::string name);
    // A new role of exactly these permissions; returns its id.
    std::string role(std::string const& workspace, access::PermissionSet permissions);
    std::string built_in_role(std::string const& workspace, std::string const& key);
    // Before the person's first request, since the program remembers what a session may do.
    void join(Person const& person, std::string const& workspace, std::optional<std::string> role);
    void join_brand(Person const& person, Place const& place, std::string const& role,
                    std::optional<std::string> account_ids = {});
    Person member(std::string const& name, access::PermissionSet permissions);

    // Another workspace, with an owner of its own.
    Person foreign_owner(std::string& workspace);

    std::string brand(std::string name, std::string workspace = {});
    // An account of `network` that no network knows: enough for everything but calls to it.
    std::string account(Place const& place, std::string const& network, std::string const& handle);
    // A draft for these accounts.
    std::string post(Place const& place, std::string body, std::vector<std::string> accounts = {});

    // As the owner, unless a token is given; JSON body if not empty. Throws unless the status is 2xx.
    Answer must(std::string method, std::string path, std::string body = {},
                std::vector<Header> headers = {});
    Answer as(Person const& person, std::string method, std::string path, std::string body = {},
              std::vector<Header> headers = {}) const;
    Answer anyone(std::string method, std::string path, std::string body = {},
                  std::vector<Header> headers = {}) const;
    std::string in(std::string const& path) const;  // "/workspaces/{the first}" + path

  private:
    Person signed_in(UserId id, std::string email);

    Installation& installation_;
    JwtSigner signer_;
    std::string workspace_;
    std::string tenant_;
    Person owner_;
    int people_ = 0;
};

// A bearer header for a token.
Header bearer(std::string const& token);

// "application/json" and the authorization, for Installation::send.
std::vector<Header> json_headers(std::string const& token);

// What differs between two looks, in words; empty when nothing does.
std::string difference(std::map<std::string, std::string> const& before,
                       std::map<std::string, std::string> const& after);

}  // namespace mypost::api_test
