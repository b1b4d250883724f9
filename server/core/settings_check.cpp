#include "core/settings_check.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "core/encoding.hpp"
#include "core/ip_range.hpp"

namespace mypost::settings_check {

namespace urls = boost::urls;

namespace {

// Why `url` cannot be the base of web addresses, or empty.
std::string base_url_problem(urls::url_view const& url) {
    if (url.scheme() != "http" && url.scheme() != "https") return "must begin with http:// or https://";
    if (url.host().empty()) return "must name a host";
    if (url.has_userinfo()) return "must not hold a user name or password";
    if (url.has_query() || url.has_fragment()) return "must not have a query or fragment";
    return {};
}

}  // namespace

std::string ip_address(std::string_view text) {
    if (IpAddress::parse(text)) return {};
    return "must be an IP address, such as 127.0.0.1, 0.0.0.0 or ::";
}

std::string ip_range(std::string_view text) {
    if (IpRange::parse(text)) return {};
    return "must be an IP address or a range such as 10.0.0.0/8, with no bits set behind the prefix";
}

std::string public_url(std::string_view text) {
    auto const url = urls::parse_absolute_uri(text);
    if (!url) return "must be a URL such as https://social.example";
    return base_url_problem(*url);
}

std::string loopback_url(std::string_view text) {
    auto const url = urls::parse_absolute_uri(text);
    if (!url) return "must be a URL such as http://127.0.0.1:8090";
    if (auto problem = base_url_problem(*url); !problem.empty()) return problem;
    auto const address = IpAddress::parse(std::string(url->host()));
    if (url->host() != "localhost" && !(address && is_loopback(*address))) {
        return "must point to this machine (127.0.0.1 or [::1]): real tokens would be sent to it";
    }
    if (!url->encoded_path().empty() && url->encoded_path() != "/") return "must not have a path";
    return {};
}

std::string database_url(std::string_view text) {
    if (text.starts_with("sqlite:")) return text.size() > 7 ? "" : "must name a file: sqlite:/path/mypost.db";
    return postgres_url(text).empty()
               ? ""
               : "must be sqlite:/path/file.db or postgres://user:password@host:port/name";
}

std::string postgres_url(std::string_view text) {
    if (text.starts_with("postgres://") || text.starts_with("postgresql://")) return {};
    return "must be postgres://user:password@host:port/name";
}

std::string storage_url(std::string_view text) {
    if (text.starts_with("file:") && text.size() > 5) return {};
    return "must be file:/path/to/folder";
}

std::string key_of_32_bytes(std::string_view text) {
    auto const key = base64_decode(text);
    if (key && key->size() == 32) return {};
    return "must be 32 random bytes in base64; make one with: openssl rand -base64 32";
}

std::string long_secret(std::string_view text) {
    if (text.size() >= 32) return {};
    return "must have at least 32 characters; make one with: openssl rand -base64 48";
}

}  // namespace mypost::settings_check
