// The whole world as one JSON file, replaced atomically.
#pragma once

#include <filesystem>

#include "sandbox/framework/control.hpp"

namespace mypost::sandbox {

// Writes beside the file, flushes to disk, renames. Throws std::runtime_error.
void save_state(World const& world, std::filesystem::path const& file);
// Loads the file when it is there. Throws std::runtime_error when it cannot be understood.
void load_state(World& world, std::filesystem::path const& file);

}  // namespace mypost::sandbox
