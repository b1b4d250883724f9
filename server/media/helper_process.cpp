#include "media/helper_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <system_error>

#include "async/with_deadline.hpp"
#include "core/log.hpp"

namespace mypost::media {

namespace json = boost::json;

namespace {

constexpr std::size_t max_answer_bytes = std::size_t{64} * 1024;

struct SocketPair {
    int ours = -1;
    int theirs = -1;

    SocketPair() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw std::system_error(errno, std::generic_category(), "socketpair");
        }
        ours = ends[0];
        theirs = ends[1];
    }
    ~SocketPair() {
        if (ours >= 0) ::close(ours);
        ::close(theirs);
    }
    int take_ours() { return std::exchange(ours, -1); }
};

struct SpawnActions {
    posix_spawn_file_actions_t actions;
    SpawnActions() { posix_spawn_file_actions_init(&actions); }
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
};

}  // namespace

HelperProcess::HelperProcess(asio::any_io_executor executor, asio::thread_pool& reaper,
                             std::string const& program, std::vector<std::string> const& arguments)
    : socket_(executor), reaper_(reaper) {
    SocketPair sockets;
    SpawnActions files;
    posix_spawn_file_actions_adddup2(&files.actions, sockets.theirs, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files.actions, sockets.theirs, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files.actions, STDERR_FILENO + 1);

    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    // Nothing of the server's environment, which may hold secrets.
    std::string environment[] = {
        "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "VIPS_CONCURRENCY=2", "MALLOC_ARENA_MAX=2",
        "TMPDIR=" + (arguments.empty() ? std::string("/nonexistent") : arguments.front())};
    std::vector<char*> envp;
    for (auto& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);

    int const error =
        ::posix_spawn(&pid_, program.c_str(), &files.actions, nullptr, argv.data(), envp.data());
    if (error != 0) {
        pid_ = -1;
        throw std::system_error(error, std::generic_category(), "cannot start " + program);
    }
    socket_.assign(asio::local::stream_protocol(), sockets.take_ours());
}

HelperProcess::~HelperProcess() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    // Not on the event loop: freeing a large process takes a while.
    asio::post(reaper_, [pid = pid_] {
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    });
}

asio::awaitable<json::object> HelperProcess::exchange(std::string frame) {
    co_await asio::async_write(socket_, asio::buffer(frame), asio::use_awaitable);
    std::array<unsigned char, 4> head{};
    co_await asio::async_read(socket_, asio::buffer(head), asio::use_awaitable);
    std::size_t const size =
        std::size_t{head[0]} << 24 | std::size_t{head[1]} << 16 | std::size_t{head[2]} << 8 | head[3];
    // What comes back is as untrusted as the file.
    if (size > max_answer_bytes) throw std::runtime_error("the media helper's answer is too long");
    std::string body(size, '\0');
    co_await asio::async_read(socket_, asio::buffer(body), asio::use_awaitable);
    auto answer = json::parse(body);
    co_return answer.as_object();
}

asio::awaitable<std::optional<json::object>> HelperProcess::call(json::object request,
                                                                 std::chrono::milliseconds limit) {
    auto const body = json::serialize(request);
    auto const size = static_cast<std::uint32_t>(body.size());
    std::string frame{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                      static_cast<char>(size >> 8), static_cast<char>(size)};
    frame += body;
    ++calls_;
    try {
        auto answer = co_await async::with_deadline(limit, exchange(std::move(frame)));
        co_return answer;
    } catch (boost::system::system_error const& error) {
        if (error.code() == asio::error::operation_aborted) throw;
    } catch (std::exception const& error) {
        log::debug("the media helper answered nonsense", {{"error", error.what()}});
    }
    co_return std::nullopt;
}

}  // namespace mypost::media
