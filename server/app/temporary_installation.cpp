#include "app/temporary_installation.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace mypost::app {

TemporaryInstallation::TemporaryInstallation() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mypost-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder can be made");
    folder_ = pattern;
}

TemporaryInstallation::~TemporaryInstallation() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Settings TemporaryInstallation::settings() const {
    SettingsInput input;
    input.environment["MYPOST_DATA_DIR"] = folder_;
    auto settings = load_settings(input);
    if (!settings) throw std::runtime_error(to_text(settings.error()));
    auto const problems = provide_keys(*settings, true);
    if (!problems.empty()) throw std::runtime_error(to_text(problems));
    return *settings;
}

}  // namespace mypost::app
