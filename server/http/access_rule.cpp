#include "http/access_rule.hpp"

namespace mypost::http {

std::string_view Access::name() const {
    switch (kind_) {
        case Kind::public_:
            return "public";
        case Kind::authenticated:
            return "authenticated";
        case Kind::system:
            return "system";
        case Kind::permission:
            return access::to_string(permission_);
    }
    return "";
}

Result<void> Access::check(access::Caller const& caller) const {
    switch (kind_) {
        case Kind::public_:
        case Kind::authenticated:
            return {};
        case Kind::system:
            if (!caller.system_admin) {
                return Error(ErrorCode::permission_denied, "Only system administrators may do this.");
            }
            return {};
        case Kind::permission:
            if (!caller.may_anywhere(permission_)) return permission_denied(access::to_string(permission_));
            return {};
    }
    return {};
}

}  // namespace mypost::http
