// mypost-media-helper: opens pictures for the server in a process that can do nothing else.
//     mypost-media-helper <work folder> <memory MiB> <seconds per operation>
// Requests and answers on standard input and output: 4 bytes length (big-endian), then a JSON object. Answers
// are
// {"ok":{…}} or {"error":{"code","detail","params":{…}}}. Ends at the end of input.
#include <malloc.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "media/helper/confine.hpp"
#include "media/helper/image.hpp"
#include "media/helper/operations.hpp"

namespace {

namespace json = boost::json;
using namespace mypost::media::helper;

constexpr std::uint32_t max_frame_bytes = 64 * 1024;

bool read_all(int descriptor, char* buffer, std::size_t count) {
    while (count > 0) {
        auto const got = read(descriptor, buffer, count);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        buffer += got;
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

bool write_all(int descriptor, std::string const& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        auto const put = write(descriptor, bytes.data() + done, bytes.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        done += static_cast<std::size_t>(put);
    }
    return true;
}

json::object run(json::object const& request) {
    auto const& op = request.at("op").as_string();
    if (op == "probe") return probe(request);
    if (op == "import") return import(request);
    if (op == "fit") return fit(request);
    throw Refusal("unknown_operation", std::string(op));
}

json::object answer(std::string const& frame) {
    try {
        auto const request = json::parse(frame);
        return {{"ok", run(request.as_object())}};
    } catch (Refusal const& refusal) {
        json::object params;
        for (auto const& [name, value] : refusal.params) params[name] = value;
        return {
            {"error", {{"code", refusal.code}, {"detail", refusal.what()}, {"params", std::move(params)}}}};
    } catch (std::exception const& error) {
        return {{"error", {{"code", "internal"}, {"detail", error.what()}, {"params", json::object()}}}};
    }
}

void serve(int input, int output, unsigned long seconds) {
    for (;;) {
        unsigned char head[4];
        if (!read_all(input, reinterpret_cast<char*>(head), sizeof head)) return;
        std::uint32_t const size = std::uint32_t{head[0]} << 24 | std::uint32_t{head[1]} << 16 |
                                   std::uint32_t{head[2]} << 8 | head[3];
        if (size > max_frame_bytes) return;
        std::string frame(size, '\0');
        if (!read_all(input, frame.data(), frame.size())) return;
        allow_cpu_seconds(seconds);
        auto const body = json::serialize(answer(frame));
        auto const length = static_cast<std::uint32_t>(body.size());
        std::string reply{static_cast<char>(length >> 24), static_cast<char>(length >> 16),
                          static_cast<char>(length >> 8), static_cast<char>(length)};
        if (!write_all(output, reply + body)) return;
        malloc_trim(0);
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    Limits limits;
    limits.memory_mb = std::strtoul(arguments[2], nullptr, 10);
    auto const seconds = std::strtoul(arguments[3], nullptr, 10);
    confine(limits, arguments[1]);

    // What libraries print must not get between the answers.
    int const output = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (output < 0 || VIPS_INIT(arguments[0]) != 0) return 1;
    vips_cache_set_max(0);
    vips_block_untrusted_set(TRUE);
    serve(STDIN_FILENO, output, seconds);
    vips_shutdown();
    return 0;
}
