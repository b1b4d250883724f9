#include "http/wire.hpp"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>
#include <charconv>
#include <chrono>

#include "core/ids.hpp"
#include "core/log.hpp"
#include "http/message.hpp"

namespace mypost::http {

namespace {

namespace beast_http = boost::beast::http;

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

Method method_of(beast_http::verb verb) {
    switch (verb) {
        case beast_http::verb::get:
            return Method::get;
        case beast_http::verb::head:
            return Method::head;
        case beast_http::verb::post:
            return Method::post;
        case beast_http::verb::put:
            return Method::put;
        case beast_http::verb::patch:
            return Method::patch;
        case beast_http::verb::delete_:
            return Method::delete_;
        case beast_http::verb::options:
            return Method::options;
        default:
            return Method::other;
    }
}

// The last of a comma-separated list: what the nearest proxy wrote.
std::string_view last_of(std::string_view list) {
    auto const comma = list.rfind(',');
    return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

// The rightmost address of X-Forwarded-For that is no trusted proxy itself.
std::string client_address(std::string_view forwarded_for, IpAddress const& peer,
                           std::vector<IpRange> const& trusted) {
    std::string found = peer.to_string();
    while (!forwarded_for.empty()) {
        auto const address = IpAddress::parse(last_of(forwarded_for));
        if (!address) return found;
        found = address->to_string();
        if (!in_any(trusted, *address)) return found;
        auto const comma = forwarded_for.rfind(',');
        forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
    }
    return found;
}

bool is_sane_id(std::string_view id) {
    if (id.empty() || id.size() > 128) return false;
    for (char c : id) {
        bool const fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '_' || c == '.';
        if (!fine) return false;
    }
    return true;
}

void apply_proxy(Request& request, IpAddress const& peer, std::vector<IpRange> const& trusted) {
    auto header = [&](std::string_view name) { return std::string(request.headers.get(name).value_or("")); };
    request.remote_address = peer.to_string();
    if (in_any(trusted, peer)) {
        request.remote_address = client_address(header("X-Forwarded-For"), peer, trusted);
        request.secure = lower(last_of(header("X-Forwarded-Proto"))) == "https";
        std::string const host = header("X-Forwarded-Host");
        if (!host.empty()) request.host = std::string(last_of(host));
        std::string const id = header("X-Request-Id");
        if (is_sane_id(id)) request.request_id = id;
    } else {
        for (auto const* name : {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
                                 "X-Forwarded-Port", "Forwarded", "X-Real-IP", "X-Workspace-ID"}) {
            request.headers.remove(name);
        }
    }
    if (request.request_id.empty()) request.request_id = Uuid::make().to_string();
}

bool breaks_framing(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

bool is_framing_field(std::string_view name) {
    std::string const plain = lower(name);
    return plain == "content-length" || plain == "transfer-encoding" || plain == "connection" ||
           plain == "date";
}

std::optional<std::uint64_t> body_length(Response const& response) {
    struct Length {
        Response const& response;
        std::optional<std::uint64_t> operator()(std::string const& text) const { return text.size(); }
        std::optional<std::uint64_t> operator()(std::shared_ptr<std::string const> const& text) const {
            return text ? text->size() : 0;
        }
        std::optional<std::uint64_t> operator()(FileBody const& file) const { return file.length; }
        std::optional<std::uint64_t> operator()(StreamBody const&) const {
            auto const said = response.headers.get("Content-Length");
            std::uint64_t length = 0;
            if (!said) return std::nullopt;
            auto const [end, error] = std::from_chars(said->data(), said->data() + said->size(), length);
            if (error != std::errc() || end != said->data() + said->size()) return std::nullopt;
            return length;
        }
    };
    return std::visit(Length{response}, response.body);
}

}  // namespace

void prepare(Parser& parser, std::size_t max_header_bytes) {
    parser.header_limit(static_cast<std::uint32_t>(max_header_bytes));
    parser.body_limit(boost::none);
    parser.eager(false);
}

std::optional<std::string> framing_error(Parser const& parser) {
    auto const& message = parser.get();
    auto const target = view(message.target());
    bool const printable =
        std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c != 0x7f; });
    if (target.empty() || !printable) return "The request target is malformed.";
    bool const http_1_1 = message.version() >= 11;
    auto const hosts = message.count(beast_http::field::host);
    if (hosts > 1 || (http_1_1 && hosts == 0)) return "Exactly one Host field is required.";
    auto const lengths = message.count(beast_http::field::content_length);
    auto const codings = message.count(beast_http::field::transfer_encoding);
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0)) {
        return "The length of the body is given in more than one way.";
    }
    auto const length = view(message[beast_http::field::content_length]);
    if (!std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return "Content-Length is not a number.";
    }
    if (codings == 1) {
        auto const coding = lower(trim(view(message[beast_http::field::transfer_encoding])));
        if (coding != "chunked" || !http_1_1)
            return "The only transfer coding taken is chunked, in HTTP/1.1.";
    }
    return std::nullopt;
}

Request to_request(Parser const& parser, IpAddress const& peer, std::vector<IpRange> const& trusted) {
    auto const& message = parser.get();
    Request request;
    request.method = method_of(message.method());
    request.target = std::string(view(message.target()));
    std::string_view target = request.target;
    // The absolute form that proxies use: only the path matters here.
    if (target.starts_with("http://") || target.starts_with("https://")) {
        auto const slash = target.find('/', target.find("//") + 2);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    auto const fragment = target.find('#');
    target = target.substr(0, fragment);
    auto const mark = target.find('?');
    request.path = std::string(target.substr(0, mark));
    if (mark != std::string_view::npos) request.query = std::string(target.substr(mark + 1));
    for (auto const& field : message) {
        request.headers.add(view(field.name_string()), std::string(view(field.value())));
    }
    request.host = std::string(request.headers.get("Host").value_or(""));
    apply_proxy(request, peer, trusted);
    return request;
}

ResponseHead response_head(Response const& response, Framing framing, std::string_view date) {
    ResponseHead head;
    head.close = framing.close;
    bool const bodiless = response.status < 200 || response.status == 204 || response.status == 304;
    auto const length = body_length(response);
    if (!bodiless) {
        if (length) {
            head.body = BodyKind::sized;
            head.length = *length;
        } else if (framing.http_1_0) {
            head.body = BodyKind::until_close;
            head.close = true;
        } else {
            head.body = BodyKind::chunked;
        }
    }
    auto out = std::back_inserter(head.text);
    auto const reason =
        view(beast_http::obsolete_reason(beast_http::int_to_status(static_cast<unsigned>(response.status))));
    fmt::format_to(out, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason, date);
    for (auto const& [name, value] : response.headers.all()) {
        if (is_framing_field(name)) continue;
        if (breaks_framing(name) || breaks_framing(value)) {
            log::error("response field left out: it holds a line break", {{"field", name.substr(0, 50)}});
            continue;
        }
        fmt::format_to(out, "{}: {}\r\n", name, value);
    }
    if (head.body == BodyKind::sized) fmt::format_to(out, "Content-Length: {}\r\n", head.length);
    if (head.body == BodyKind::chunked) head.text += "Transfer-Encoding: chunked\r\n";
    if (head.close) {
        head.text += "Connection: close\r\n";
    } else if (framing.http_1_0) {
        head.text += "Connection: keep-alive\r\n";
    }
    head.text += "\r\n";
    if (framing.head) head.body = BodyKind::none;
    return head;
}

std::string http_date(std::int64_t unix_seconds) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::chrono::sys_seconds const at{std::chrono::seconds(unix_seconds)};
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date(day);
    auto const seconds = (at - day).count();
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace mypost::http
