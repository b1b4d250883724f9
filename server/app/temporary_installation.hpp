#pragma once

#include <string>

#include "core/settings.hpp"

namespace mypost::app {

// An installation in a folder that is removed again: for commands that need the program's parts but no data.
class TemporaryInstallation {
  public:
    TemporaryInstallation();
    ~TemporaryInstallation();
    TemporaryInstallation(TemporaryInstallation const&) = delete;
    TemporaryInstallation& operator=(TemporaryInstallation const&) = delete;

    Settings settings() const;

  private:
    std::string folder_;
};

}  // namespace mypost::app
