#include "http/response_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "core/log.hpp"
#include "http/pace.hpp"

namespace mypost::http {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t file_piece_bytes = 512 * 1024;

// Writes all, giving the client write_timeout for each step of progress.
asio::awaitable<error_code> write_all(ServerState const& state, Connection& connection,
                                      std::string_view first, std::string_view second) {
    error_code error;
    Pace pace;
    while (!error && first.size() + second.size() > 0) {
        if (pace.too_slow()) co_return asio::error::timed_out;
        std::array<asio::const_buffer, 2> const parts{
            asio::buffer(first), asio::buffer(second.substr(0, std::min(second.size(), piece_bytes)))};
        Connection::Deadline const deadline(connection, state.options.write_timeout);
        std::size_t const sent = co_await connection.socket.async_write_some(
            parts, asio::redirect_error(asio::use_awaitable, error));
        std::size_t const of_first = std::min(sent, first.size());
        first.remove_prefix(of_first);
        second.remove_prefix(sent - of_first);
        pace.moved(sent);
    }
    co_return error;
}

class File {
  public:
    explicit File(std::string const& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(File const&) = delete;
    File& operator=(File const&) = delete;
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

// sendfile(2) keeps the bytes in the kernel; the socket is waited for between pieces, so that others get
// their turn.
asio::awaitable<error_code> write_file(ServerState const& state, Connection& connection, File const& file,
                                       FileBody const& body) {
    error_code error;
    auto offset = static_cast<off_t>(body.offset);
    std::uint64_t left = body.length;
    Pace pace;
    connection.socket.native_non_blocking(true, error);
    while (!error && left > 0) {
        if (pace.too_slow()) co_return asio::error::timed_out;
        Connection::Deadline const deadline(connection, state.options.write_timeout);
        co_await connection.socket.async_wait(tcp::socket::wait_write,
                                              asio::redirect_error(asio::use_awaitable, error));
        if (error) break;
        auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, file_piece_bytes));
        ssize_t const sent =
            ::sendfile(connection.socket.native_handle(), file.descriptor(), &offset, wanted);
        if (sent > 0) {
            left -= static_cast<std::uint64_t>(sent);
            pace.moved(static_cast<std::size_t>(sent));
        } else if (sent == 0) {
            error = asio::error::eof;  // the file is shorter than announced
        } else if (errno != EAGAIN && errno != EINTR) {
            error = error_code(errno, boost::system::system_category());
        }
    }
    co_return error;
}

asio::awaitable<error_code> write_stream(ServerState const& state, Connection& connection,
                                         StreamBody const& next, ResponseHead const& head) {
    std::uint64_t left = head.length;
    error_code error;
    while (!error) {
        auto produce = next();
        std::string piece = co_await std::move(produce);
        if (head.body == BodyKind::sized && piece.size() > left) piece.resize(left);
        left -= std::min<std::uint64_t>(left, piece.size());
        if (piece.empty()) break;
        if (head.body == BodyKind::chunked) {
            std::string const size = fmt::format("{:x}\r\n", piece.size());
            piece += "\r\n";
            error = co_await write_all(state, connection, size, piece);
        } else {
            error = co_await write_all(state, connection, {}, piece);
        }
    }
    if (!error && head.body == BodyKind::chunked)
        error = co_await write_all(state, connection, {}, "0\r\n\r\n");
    if (!error && head.body == BodyKind::sized && left > 0) error = asio::error::eof;
    co_return error;
}

// A Content-Length that the file cannot keep must not be announced.
bool is_readable(File const& file, FileBody const& body) {
    if (file.descriptor() < 0) return false;
    off_t const size = ::lseek(file.descriptor(), 0, SEEK_END);
    return size >= 0 && body.offset + body.length <= static_cast<std::uint64_t>(size);
}

}  // namespace

asio::awaitable<bool> write_response(std::shared_ptr<ServerState> state,
                                     std::shared_ptr<Connection> connection, Response response,
                                     Framing framing) {
    std::optional<File> file;
    if (auto const* body = std::get_if<FileBody>(&response.body)) {
        file.emplace(body->path);
        if (!is_readable(*file, *body)) {
            log::error("file to send is missing or short", {{"path", body->path}});
            response = text_response(500, "The file is not there any more.\n");
        }
    }
    ResponseHead const head = response_head(response, framing, state->date());
    error_code error;
    auto const* text = std::get_if<std::string>(&response.body);
    if (auto const* shared = std::get_if<std::shared_ptr<std::string const>>(&response.body))
        text = shared->get();
    if (text) {
        std::string_view const body =
            head.body == BodyKind::sized ? std::string_view(*text) : std::string_view();
        error = co_await write_all(*state, *connection, head.text, body);
    } else {
        error = co_await write_all(*state, *connection, head.text, {});
        auto const* body = std::get_if<FileBody>(&response.body);
        auto const* stream = std::get_if<StreamBody>(&response.body);
        if (!error && body && head.body == BodyKind::sized) {
            error = co_await write_file(*state, *connection, *file, *body);
        } else if (!error && stream && head.body != BodyKind::none) {
            error = co_await write_stream(*state, *connection, *stream, head);
        }
    }
    co_return !error && !head.close;
}

}  // namespace mypost::http
