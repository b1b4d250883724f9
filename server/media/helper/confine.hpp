// Takes away from this process what a hostile picture could misuse.
#pragma once

#include <string>

namespace mypost::media::helper {

struct Limits {
    unsigned long memory_mb = 2048;  // address space
    unsigned long file_mb = 512;     // largest file written
    unsigned long open_files = 128;
};

// Before anything of a picture is looked at, in a process with one thread. Limits always hold; where the
// kernel or the container refuses the rest (no network, no files outside `work_folder` but the system's own
// to read, no new programs, no new privileges), the limits and the empty environment remain.
void confine(Limits const& limits, std::string const& work_folder);

// CPU time for the next operation; the kernel ends the process past it.
void allow_cpu_seconds(unsigned long seconds);

}  // namespace mypost::media::helper
