// The keys that an embedded installation makes for itself.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "core/log.hpp"
#include "core/settings.hpp"
#include "core/settings_check.hpp"

namespace mypost {

namespace {

namespace fs = std::filesystem;

// A problem with the operating system's words, or empty. Several processes may start at once: the first to
// link its complete file wins, the others read that.
std::string make_key_file(fs::path const& path, std::string const& key) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return error.message();
    fs::permissions(path.parent_path(), fs::perms::owner_all, error);
    auto const temporary = path.string() + "." + crypto::random_token(6);
    int const file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return std::error_code(errno, std::generic_category()).message();
    std::string const line = key + "\n";
    bool const written =
        ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
    ::close(file);
    bool const linked = written && (::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST);
    auto reason = std::error_code(errno, std::generic_category()).message();
    ::unlink(temporary.c_str());
    if (!linked) return reason;
    int const folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

struct KeyFile {
    std::string name;
    std::string env;
    std::string (*check)(std::string_view);
    std::string& value;
    std::string made;
};

std::string read_line(fs::path const& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

void provide(Settings& settings, KeyFile key, bool may_make, SettingProblems& problems) {
    if (!key.value.empty()) return;
    auto const path = fs::path(settings.data_dir) / "keys" / key.name;
    if (!settings.uses_sqlite()) {
        problems.push_back({key.env, "must be set: with PostgreSQL the server does not make its own keys"});
        return;
    }
    std::error_code error;
    bool const existed = fs::exists(path, error);
    if (!existed && !may_make) {
        problems.push_back({key.env, fmt::format("must be set (there is no {} either)", path.string())});
        return;
    }
    if (!existed) {
        if (auto const problem = make_key_file(path, key.made); !problem.empty()) {
            problems.push_back({key.env, fmt::format("cannot be made in {}: {}", path.string(), problem)});
            return;
        }
        log::info("made a key; back it up: without it stored secrets are lost", {{"file", path.string()}});
        if (fs::exists(settings.database_url.substr(std::string_view("sqlite:").size()), error)) {
            log::warning(
                "the key is newer than the database; secrets stored with an earlier key cannot be read",
                {{"file", path.string()}});
        }
    }
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
        log::warning("others can read a key file; run chmod 600 on it", {{"file", path.string()}});
    }
    key.value = read_line(path);
    if (auto const problem = key.check(key.value); !problem.empty()) {
        problems.push_back({path.string(), problem});
    }
}

}  // namespace

SettingProblems provide_keys(Settings& settings, bool may_make) {
    SettingProblems problems;
    provide(settings,
            KeyFile{"encryption.key", "MYPOST_ENCRYPTION_KEY", settings_check::key_of_32_bytes,
                    settings.encryption_key, base64_encode(crypto::random_bytes(32))},
            may_make, problems);
    provide(settings,
            KeyFile{"jwt.key", "MYPOST_JWT_SECRET", settings_check::long_secret, settings.jwt_secret,
                    crypto::random_token(48)},
            may_make, problems);
    return problems;
}

}  // namespace mypost
