// The web app's files: hashed names cached for a year, precompressed variants, index.html for every address
// of the app.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace mypost::http {

struct StaticOptions {
    std::string root;             // folder of the build
    std::string base_path = "/";  // path of the public URL, with a slash at the end; written into <base href>
    // Beyond the app's own host, for <img>: sources as Content-Security-Policy spells them.
    std::vector<std::string> image_sources = {};
    std::vector<std::string> media_sources = {};
};

// Knows every file since its construction: an address is looked up in a table, so no path can leave the
// folder.
class StaticFiles {
  public:
    // Reads the folder. Throws std::runtime_error when there is no index.html in it.
    explicit StaticFiles(StaticOptions options);

    // GET and HEAD of a file, or of any other address without an extension (index.html: the app finds its
    // page itself). `request.path` is below the base path. 404 in words for anything else.
    asio::awaitable<Response> handle(Request request) const;

  private:
    struct Variant {
        std::string path;                          // on disk, or
        std::shared_ptr<std::string const> bytes;  // in memory (index.html)
        std::uint64_t size = 0;
    };
    struct File {
        std::string content_type;
        std::string etag;  // without quotes
        bool immutable = false;
        Variant identity;
        std::optional<Variant> brotli;
        std::optional<Variant> gzip;
    };
    void add(std::string const& path, std::string name);
    void add_index(std::string const& path);
    File const* find(Request const& request) const;
    Response respond(File const& file, Request const& request) const;
    std::string policy(Request const& request) const;

    StaticOptions options_;
    std::map<std::string, File, std::less<>> files_;  // by path below the root: "assets/app-1a2b3c.js"
};

}  // namespace mypost::http
