// A plain HTTP/1.1 client for tests: blocking, one connection a request, no cookies of its own.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mypost::api_test {

using Header = std::pair<std::string, std::string>;

struct Answer {
    int status = 0;
    std::vector<Header> headers;
    std::string body;

    std::string header(std::string_view name) const;  // the first of that name, or ""
    // Value of the cookie that the answer sets, or "". `attributes` gives the whole Set-Cookie line.
    std::string cookie(std::string_view name) const;
    std::string cookie_line(std::string_view name) const;
    boost::json::value json() const;  // throws when the body is none
    std::string code() const;         // of a problem, else ""
    // Whether a problem's errors name this field ("/name", "query:limit").
    bool names(std::string_view field) const;
    // Text at a JSON pointer of the body; throws when there is none.
    std::string text(std::string_view pointer) const;
    std::int64_t number(std::string_view pointer) const;
};

struct Call {
    std::string method = "GET";
    std::string target;  // path and query
    std::vector<Header> headers = {};
    std::string body = {};
};

class Client {
  public:
    // `from`: the loopback address that the server sees, to keep address limits of tests apart.
    explicit Client(std::uint16_t port, std::string from = "127.0.0.1")
        : port_(port), from_(std::move(from)) {}

    // Throws std::runtime_error when the server cannot be reached or breaks off.
    Answer send(Call const& call) const;

  private:
    std::uint16_t port_;
    std::string from_;
};

}  // namespace mypost::api_test
