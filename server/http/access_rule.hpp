// Who may call a route. There is no default: every route says it.
#pragma once

#include <string>
#include <string_view>

#include "access/caller.hpp"
#include "access/permission.hpp"

namespace mypost::http {

class Access {
  public:
    enum class Kind { public_, authenticated, system, permission };

    // A permission, held in the workspace role or in any brand of it; the service checks the brand itself.
    Access(access::Permission permission) : kind_(Kind::permission), permission_(permission) {}

    Kind kind() const { return kind_; }
    bool is_public() const { return kind_ == Kind::public_; }
    access::Permission permission() const { return permission_; }  // meaningful for Kind::permission
    // As in OpenAPI's x-permission: "public", "authenticated", "system", "posts.view".
    std::string_view name() const;

    // permission_denied when this caller may not.
    Result<void> check(access::Caller const& caller) const;

    friend Access public_route() { return Access(Kind::public_); }
    friend Access authenticated() { return Access(Kind::authenticated); }
    friend Access system_admin() { return Access(Kind::system); }

  private:
    explicit Access(Kind kind) : kind_(kind) {}

    Kind kind_;
    access::Permission permission_ = access::Permission::posts_view;
};

Access public_route();   // anybody; the Caller has no user
Access authenticated();  // any signed-in person
Access system_admin();   // the installation's administrators

}  // namespace mypost::http
