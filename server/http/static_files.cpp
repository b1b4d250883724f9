#include "http/static_files.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "http/compress.hpp"
#include "http/docs_page.hpp"
#include "http/etag.hpp"
#include "http/security_headers.hpp"

namespace mypost::http {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view index_name = "index.html";

struct Type {
    std::string_view extension;
    std::string_view content_type;
};
constexpr std::array types{
    Type{".html", "text/html; charset=utf-8"},
    Type{".js", "text/javascript; charset=utf-8"},
    Type{".mjs", "text/javascript; charset=utf-8"},
    Type{".css", "text/css; charset=utf-8"},
    Type{".json", "application/json"},
    Type{".map", "application/json"},
    Type{".webmanifest", "application/manifest+json"},
    Type{".txt", "text/plain; charset=utf-8"},
    Type{".svg", "image/svg+xml"},
    Type{".png", "image/png"},
    Type{".jpg", "image/jpeg"},
    Type{".webp", "image/webp"},
    Type{".avif", "image/avif"},
    Type{".ico", "image/x-icon"},
    Type{".woff2", "font/woff2"},
    Type{".wasm", "application/wasm"},
};

std::string content_type_of(std::string const& name) {
    std::string const extension = fs::path(name).extension().string();
    for (auto const& type : types) {
        if (type.extension == extension) return std::string(type.content_type);
    }
    return "application/octet-stream";
}

std::string read_file(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string short_hash(std::string_view bytes) {
    return hex_encode(crypto::sha256(bytes)).substr(0, 20);
}

// The app's own host as a source for sockets; a strange Host is left out rather than written into a header.
std::string socket_sources(std::string const& host) {
    bool const plain = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == ':' || c == '[' || c == ']';
    });
    return plain ? " ws://" + host + " wss://" + host : "";
}

bool wants_page(Request const& request) {
    auto const accept = request.headers.get("Accept");
    return !accept || accept->find("text/html") != std::string_view::npos ||
           accept->find("*/*") != std::string_view::npos;
}

}  // namespace

StaticFiles::StaticFiles(StaticOptions options) : options_(std::move(options)) {
    fs::path const root(options_.root);
    if (!fs::is_regular_file(root / index_name)) {
        throw std::runtime_error("there is no web app in " + options_.root + ": index.html is missing");
    }
    for (auto const& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file()) continue;
        std::string const name = fs::relative(entry.path(), root).generic_string();
        bool const hidden = name.starts_with('.') || name.find("/.") != std::string::npos;
        if (hidden || name.ends_with(".br") || name.ends_with(".gz") || name == index_name) continue;
        add(entry.path().string(), name);
    }
    add_index((root / index_name).string());
}

void StaticFiles::add(std::string const& path, std::string name) {
    File file;
    file.content_type = content_type_of(name);
    file.etag = short_hash(read_file(path));
    file.immutable = name.starts_with("assets/");  // the build puts a hash into every name there
    auto variant = [](std::string const& on_disk) -> std::optional<Variant> {
        if (!fs::is_regular_file(on_disk)) return std::nullopt;
        return Variant{on_disk, nullptr, fs::file_size(on_disk)};
    };
    file.identity = *variant(path);
    file.brotli = variant(path + ".br");
    file.gzip = variant(path + ".gz");
    files_.emplace(std::move(name), std::move(file));
}

void StaticFiles::add_index(std::string const& path) {
    std::string html = read_file(path);
    std::string const mark = "<base href=\"";
    auto const at = html.find(mark);
    if (at != std::string::npos) {
        auto const start = at + mark.size();
        html.replace(start, html.find('"', start) - start, escape_html(options_.base_path));
    }
    auto variant = [](std::string bytes) {
        auto const size = bytes.size();
        return Variant{"", std::make_shared<std::string const>(std::move(bytes)), size};
    };
    File file;
    file.content_type = content_type_of(std::string(index_name));
    file.etag = short_hash(html);
    file.brotli = variant(brotli_compress(html));
    file.gzip = variant(gzip_compress(html));
    file.identity = variant(std::move(html));
    files_.emplace(index_name, std::move(file));
}

StaticFiles::File const* StaticFiles::find(Request const& request) const {
    auto path = percent_decode(request.path);
    if (!path || !path->starts_with('/')) return nullptr;
    std::string_view const name = std::string_view(*path).substr(1);
    auto const found = files_.find(name);
    if (found != files_.end()) return &found->second;
    bool const api = name == "api" || name.starts_with("api/");
    bool const has_extension = name.substr(name.rfind('/') + 1).find('.') != std::string_view::npos;
    if (api || has_extension || !wants_page(request)) return nullptr;
    return &files_.find(index_name)->second;
}

asio::awaitable<Response> StaticFiles::handle(Request request) const {
    Response response;
    if (request.method != Method::get && request.method != Method::head) {
        response = text_response(405, "Only GET and HEAD.\n");
        response.headers.set("Allow", "GET, HEAD");
    } else if (auto const* file = find(request)) {
        response = respond(*file, request);
    } else {
        response = text_response(404, "There is nothing at this address.\n");
        response.headers.set("Cache-Control", "no-cache");
    }
    response.headers.set("X-Request-Id", request.request_id);
    set_security_headers(response, request.secure);
    co_return response;
}

Response StaticFiles::respond(File const& file, Request const& request) const {
    auto const accepted = request.headers.get("Accept-Encoding").value_or("");
    Response response;
    Variant const* variant = &file.identity;
    std::string tag = file.etag;
    if (file.brotli && accepts_coding(accepted, "br")) {
        variant = &*file.brotli;
        tag += "-br";
        response.headers.set("Content-Encoding", "br");
    } else if (file.gzip && accepts_coding(accepted, "gzip")) {
        variant = &*file.gzip;
        tag += "-gz";
        response.headers.set("Content-Encoding", "gzip");
    }
    response.headers.set("Content-Type", file.content_type);
    response.headers.set("ETag", "\"" + tag + "\"");
    response.headers.set("Vary", "Accept-Encoding");
    response.headers.set("Cache-Control",
                         file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.content_type.starts_with("text/html")) {
        response.headers.set("Content-Security-Policy", policy(request));
        response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
    }
    if (none_match_names(request.headers.get("If-None-Match").value_or(""), "\"" + tag + "\"")) {
        response.status = 304;
    } else if (variant->bytes) {
        response.body = variant->bytes;
    } else {
        response.body = FileBody{variant->path, 0, variant->size};
    }
    return response;
}

std::string StaticFiles::policy(Request const& request) const {
    auto joined = [](std::vector<std::string> const& sources) {
        std::string text;
        for (auto const& source : sources) text += " " + source;
        return text;
    };
    // Component libraries set styles from scripts, which a policy cannot tell from injected ones.
    return "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
           "blob:" +
           joined(options_.image_sources) + "; media-src 'self' blob:" + joined(options_.media_sources) +
           "; connect-src 'self'" + socket_sources(request.host) +
           "; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
           "'none'";
}

}  // namespace mypost::http
