#include "app/web_dir.hpp"

#include <filesystem>

namespace mypost::app {

std::string find_web_dir(std::string const& configured) {
    namespace fs = std::filesystem;
    if (!configured.empty()) return configured;
    std::error_code error;
    fs::path const program = fs::read_symlink("/proc/self/exe", error);
    for (fs::path const& candidate : {program.parent_path() / "web",
                                      program.parent_path() / "../share/mypost/web", fs::path("build/web")}) {
        if (fs::exists(candidate / "index.html", error)) return candidate.string();
    }
    return {};
}

}  // namespace mypost::app
