// A sandbox in this process and the calls the tests make to it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/sandbox.hpp"

namespace mypost::sandbox::testing {

namespace json = boost::json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Answer {
    int status = 0;
    bool dropped = false;
    http::Headers headers;
    std::string body;
    json::value json;  // null when the body is none

    std::string header(std::string_view name) const { return std::string(headers.get(name).value_or("")); }
    json::value const& at(std::string_view pointer) const;  // JSON pointer; throws when absent
    std::string text(std::string_view pointer) const { return std::string(at(pointer).as_string()); }
    bool has(std::string_view pointer) const;
};

struct Ask {
    http::Method method = http::Method::get;
    std::string target;
    std::string body;
    std::string content_type;
    std::string bearer;
    Pairs headers;
};

struct UploadPart {
    std::string name;
    std::string body;
    std::string filename;
    std::string content_type;
};

class Bench {
  public:
    explicit Bench(std::optional<std::string> state_file = std::nullopt);
    ~Bench();

    Answer send(Ask ask);
    Answer get(std::string target, std::string bearer = {});
    Answer post_json(std::string target, json::value const& body, std::string bearer = {},
                     Pairs headers = {});
    Answer put_json(std::string target, json::value const& body, std::string bearer = {});
    Answer post_form(std::string target, Pairs const& fields, std::string bearer = {}, Pairs headers = {});
    Answer upload(std::string target, std::vector<UploadPart> const& parts, std::string bearer = {});
    Answer remove(std::string target, std::string bearer = {});

    void advance(double seconds);
    void setting(std::string_view network, json::value const& body);
    void fault(std::string_view network, json::value const& body);
    json::array posts(std::string_view network, std::string_view account = {});

    Sandbox& sandbox() { return *sandbox_; }

  private:
    boost::asio::io_context io_;
    std::unique_ptr<Sandbox> sandbox_;
    http::Handler handler_;
};

// The query parameters of a redirect's Location.
std::map<std::string, std::string> location_parameters(Answer const& answer);

// Small real files of the given size in pixels (a complete PNG of one colour, a GIF of `frames`).
std::string png(unsigned width, unsigned height);
std::string gif(unsigned frames);
std::string mp4();
extern std::string const jpeg_8x8;

// A folder that is removed at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    std::string path(std::string_view name) const;

  private:
    std::string folder_;
};

}  // namespace mypost::sandbox::testing
