#include "net/redirects.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

namespace mypost::net {

namespace urls = boost::urls;

namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
    return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
               return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
           });
}

}  // namespace

std::optional<Request> next_hop(Request const& request, Response const& response) {
    bool const safe = request.method == "GET" || request.method == "HEAD";
    auto const location = response.header("location");
    if (!safe || request.max_redirects <= 0 || !is_redirect(response.status) || location.empty())
        return std::nullopt;
    auto const base = urls::parse_uri(request.url);
    auto const reference = urls::parse_uri_reference(location);
    if (!base || !reference) return std::nullopt;
    urls::url target;
    if (urls::resolve(*base, *reference, target).has_error()) return std::nullopt;
    target.remove_fragment();

    Request next = request;
    next.url = std::string(target.buffer());
    next.max_redirects = request.max_redirects - 1;
    if (base->encoded_origin() != target.encoded_origin()) {
        std::erase_if(next.headers, [](auto const& header) {
            return equals_ignoring_case(header.first, "authorization") ||
                   equals_ignoring_case(header.first, "cookie");
        });
    }
    return next;
}

}  // namespace mypost::net
