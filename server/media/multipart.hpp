// multipart/form-data (RFC 7578) read piece by piece from a request body.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "http/message.hpp"

namespace mypost::media {

namespace asio = boost::asio;

// The boundary of a Content-Type value, or nothing when it is no multipart/form-data with one.
std::optional<std::string> multipart_boundary(std::string_view content_type);

struct PartHead {
    std::string name;
    std::optional<std::string> filename;  // as sent: not to be trusted
};

class MultipartReader {
  public:
    MultipartReader(std::shared_ptr<http::BodyStream> stream, std::string boundary);

    // The head of the next part (what is left of the present one is skipped), or nothing after the last.
    // malformed_request for anything that is no well-formed form; errors of the stream.
    asio::awaitable<Result<std::optional<PartHead>>> next();
    // The next piece of the present part; empty at its end.
    asio::awaitable<Result<std::string>> read();

  private:
    asio::awaitable<Result<Done>> fill();  // more bytes into buffer_; an error at the end of the body

    std::shared_ptr<http::BodyStream> stream_;
    std::string delimiter_;  // CRLF, two hyphens, boundary
    std::string buffer_ = "\r\n";
    bool in_part_ = false;
    bool begun_ = false;
    bool ended_ = false;
};

}  // namespace mypost::media
