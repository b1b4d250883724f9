#include "sandbox/framework/state_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sandbox/framework/described_json.hpp"

namespace mypost::sandbox {

namespace {

constexpr int format_version = 1;

void write_whole(std::filesystem::path const& file, std::string_view text) {
    int const descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::runtime_error(fmt::format("{}: {}", file.string(), std::strerror(errno)));
    while (!text.empty()) {
        auto const written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            int const error = errno;
            ::close(descriptor);
            throw std::runtime_error(fmt::format("{}: {}", file.string(), std::strerror(error)));
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    bool const flushed = ::fdatasync(descriptor) == 0;
    ::close(descriptor);
    if (!flushed) throw std::runtime_error(fmt::format("{}: cannot be flushed to disk", file.string()));
}

}  // namespace

void save_state(World const& world, std::filesystem::path const& file) {
    json::object networks;
    for (auto const& network : world.networks) {
        networks[network->name()] =
            json::object{{"settings", encode(network->settings)}, {"state", network->save()}};
    }
    json::object const state{{"version", format_version},
                             {"clock_offset_ms", world.clock.offset().count()},
                             {"faults", encode(world.faults)},
                             {"networks", std::move(networks)}};
    auto const partial = file.string() + ".part";
    write_whole(partial, json::serialize(state));
    std::filesystem::rename(partial, file);
}

void load_state(World& world, std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        if (std::filesystem::exists(file))
            throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
        return;
    }
    std::ostringstream text;
    text << in.rdbuf();
    try {
        auto const state = json::parse(text.str()).as_object();
        if (state.at("version").to_number<int>() != format_version)
            throw std::runtime_error("written by another version");
        world.clock.set_offset(Milliseconds(state.at("clock_offset_ms").to_number<std::int64_t>()));
        decode(state.at("faults"), world.faults);
        for (auto const& member : state.at("networks").as_object()) {
            auto* network = world.find(member.key());
            if (!network) continue;
            auto const& entry = member.value().as_object();
            Settings loaded = network->settings;
            decode(entry.at("settings"), loaded);
            // Limits and switches that this version added keep their defaults.
            for (auto const& limit : network->settings.limits)
                loaded.limits.emplace(limit.key(), limit.value());
            for (auto const& item : network->settings.switches)
                loaded.switches.emplace(item.key(), item.value());
            network->settings = std::move(loaded);
            network->load(entry.at("state"));
        }
    } catch (std::exception const& error) {
        throw std::runtime_error(fmt::format(
            "{}: not a sandbox state file ({}). Move it away to start afresh.", file.string(), error.what()));
    }
}

}  // namespace mypost::sandbox
