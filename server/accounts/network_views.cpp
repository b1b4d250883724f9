#include "accounts/network_views.hpp"

#include <boost/describe/enum.hpp>

#include "http/page.hpp"

namespace mypost::networks {

BOOST_DESCRIBE_ENUM(Counter, x_weighted, graphemes, utf16, code_points, utf8_bytes)
BOOST_DESCRIBE_STRUCT(TextRules, (),
                      (max, counter, url_length, max_utf8_bytes, mentions_local_part, required_without_media))
BOOST_DESCRIBE_STRUCT(FieldOption, (), (value, label))
BOOST_DESCRIBE_STRUCT(FieldInfo, (), (name, label, type, required, options, max_length))

}  // namespace mypost::networks

namespace mypost::accounts {

namespace asio = boost::asio;

namespace {

struct MediaRulesView {
    int max_count = 0;
    std::vector<std::string> content_types;
    std::uint64_t max_bytes = 0;
    std::map<std::string, std::uint64_t> max_bytes_of;  // by content type, where it differs
    std::optional<int> max_width;
    std::optional<int> max_height;
    std::optional<std::int64_t> max_pixels;
    int alt_max = 0;
    bool alt_required = false;
};
BOOST_DESCRIBE_STRUCT(MediaRulesView, (),
                      (max_count, content_types, max_bytes, max_bytes_of, max_width, max_height, max_pixels,
                       alt_max, alt_required))
struct KindView {
    std::string kind;
    bool manual = false;
    networks::TextRules text;
    MediaRulesView media;
    int max_parts = 1;
    bool first_comment = false;
    std::vector<networks::FieldInfo> fields;
};
BOOST_DESCRIBE_STRUCT(KindView, (), (kind, manual, text, media, max_parts, first_comment, fields))
struct CredentialField {
    std::string name;
    bool required = true;
};
BOOST_DESCRIBE_STRUCT(CredentialField, (), (name, required))
struct NetworkView {
    std::string network;
    std::string name;
    std::vector<KindView> kinds;
    std::string auth;
    bool needs_instance = false;
    std::vector<std::string> features;
    std::vector<std::string> scopes;
    std::vector<CredentialField> credentials;
};
BOOST_DESCRIBE_STRUCT(NetworkView, (),
                      (network, name, kinds, auth, needs_instance, features, scopes, credentials))

template <class T>
std::optional<T> limit(T number) {
    if (number == 0) return std::nullopt;
    return number;
}

MediaRulesView view_of(networks::MediaRules const& rules) {
    return MediaRulesView{rules.max_count,         rules.content_types,    rules.max_bytes,
                          rules.max_bytes_of,      limit(rules.max_width), limit(rules.max_height),
                          limit(rules.max_pixels), rules.alt_max,          rules.alt_required};
}

NetworkView view_of(networks::NetworkInfo const& info) {
    NetworkView view{info.network,        info.name,     {},          info.auth,
                     info.needs_instance, info.features, info.scopes, {}};
    for (auto const& kind : info.kinds) {
        view.kinds.push_back(KindView{kind.kind, kind.manual, kind.text, view_of(kind.media), kind.max_parts,
                                      kind.first_comment, kind.fields});
    }
    for (auto const& name : info.credentials) {
        bool const optional = name.ends_with('?');
        view.credentials.push_back(
            CredentialField{optional ? name.substr(0, name.size() - 1) : name, !optional});
    }
    return view;
}

}  // namespace
}  // namespace mypost::accounts

namespace mypost::json {
template <>
struct rules<networks::FieldInfo> {
    static constexpr std::string_view name = "NetworkField";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::KindView> {
    static constexpr std::string_view name = "NetworkKind";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::NetworkView> {
    static constexpr std::string_view name = "Network";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::MediaRulesView> {
    static constexpr std::string_view name = "MediaRules";
    static constexpr auto value = std::tuple<>{};
};
}  // namespace mypost::json

namespace mypost::accounts {

void add_network_routes(http::Router& router, networks::Registry const& networks) {
    router.add(http::Route<http::None, http::None, http::None, http::List<NetworkView>>(
                   http::Method::get, "/networks", "listNetworks",
                   "Networks, their kinds of posts, limits and fields", http::authenticated()),
               [&networks](access::Caller const&) -> asio::awaitable<Result<http::List<NetworkView>>> {
                   http::List<NetworkView> list;
                   for (auto const& adapter : networks.all()) list.data.push_back(view_of(adapter->info()));
                   co_return list;
               });
}

}  // namespace mypost::accounts
